//! Prints generated one-word forms that no word list knows: where an inflection went wrong, it shows here first.

use std::process::ExitCode;

use vigie_lexicon::{Form, Kind, Lexicon, Spelling};

fn main() -> ExitCode {
    let lexicon = match Lexicon::default_bundle(0) {
        Ok(lexicon) => lexicon,
        Err(all) => {
            for fault in all {
                println!("{fault}");
            }
            return ExitCode::FAILURE;
        }
    };
    let print = |id: &str, kind: Kind, spellings: &[Spelling]| {
        for spelling in spellings.iter().filter(|s| s.form != Form::Inv && s.form != Form::Collective) {
            let word = spelling.text.split([' ', '\'']).next().unwrap_or_default();
            let folded = vigie_text::fold_word(word);
            if !folded.contains(' ') && !folded.is_empty() && lexicon.words.get(&folded).is_none() {
                println!("{id}\t{}\t{}\t{word}", kind.code(), spelling.form.code());
            }
        }
    };
    lexicon.slurs.iter().for_each(|s| print(&s.common.id, s.kind, &s.spellings));
    lexicon.predicates.iter().for_each(|p| print(&p.common.id, p.kind, &p.spellings));
    ExitCode::SUCCESS
}
