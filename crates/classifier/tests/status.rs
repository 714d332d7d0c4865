//! The life cycle of a frame: only one that is active or in shadow takes part.

use vigie_classifier::{BEHAVIOUR, Classifier, Scratch};
use vigie_lexicon::{Lexicon, Status};

const FRAME: &str = "fr.frame.copula.plural";
const STANCE: &str = "fr.stance.reported.that";

#[test]
fn a_frame_takes_part_while_its_entry_lives() {
    // Status; whether the frame makes a finding, a shadow finding, and the stance frame blocks one.
    let rows = [
        (Status::Active, true, false, true),
        (Status::Shadow, false, true, true),
        (Status::Proposed, false, false, false),
        (Status::Retired, false, false, false),
    ];
    for (status, finds, shadows, blocks) in rows {
        let mut lexicon = Lexicon::default_bundle(BEHAVIOUR).expect("the default bundle loads");
        lexicon.frames.iter_mut().filter(|f| f.common.id == FRAME).for_each(|f| f.common.status = status);
        let classify = |lexicon: Lexicon, text: &str| Classifier::new(lexicon).expect("it compiles").classify(text, &mut Scratch::default());
        let verdict = classify(lexicon, "Les Suisses sont des cafards");
        let made = |list: &[vigie_classifier::Finding]| list.iter().any(|f| f.frame.as_deref() == Some(FRAME));
        assert_eq!((made(&verdict.findings), made(&verdict.shadow)), (finds, shadows), "{status}");
        let mut lexicon = Lexicon::default_bundle(BEHAVIOUR).expect("the default bundle loads");
        lexicon.stance_frames.iter_mut().filter(|f| f.common.id == STANCE).for_each(|f| f.common.status = status);
        let verdict = classify(lexicon, "Elle affirme que les Suisses sont des cafards");
        assert_eq!(verdict.suppressed.iter().any(|f| f.blocked_by.as_deref() == Some(STANCE)), blocks, "{status}");
    }
}
