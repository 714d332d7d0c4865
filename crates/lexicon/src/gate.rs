//! The gate of rarity: a form that flags without context stays a rare word of everyday French, or carries a written reason.

use vigie_text::{Dictionary, Pos, fold_word};

use crate::diagnostic::Sink;
use crate::model::{Dropped, Slur, Use};

/// From this count on (occurrences per hundred million words: 5 per million) a word is ordinary.
pub(crate) const ORDINARY: u32 = 500;

/// Drops generated forms of unambiguous slurs that are ordinary words, and refuses written ones: what somebody wrote down is a decision to be argued for.
pub(crate) fn apply(slurs: &mut [Slur], words: &Dictionary, sink: &Sink) -> Vec<Dropped> {
    let mut dropped = Vec::new();
    for slur in slurs.iter_mut() {
        let counts = slur.common.status.is_live() && slur.usage == Use::Unambiguous;
        if !counts || slur.common.rare_reason.is_some() {
            continue;
        }
        let (common, written) = (&slur.common, &slur.written);
        slur.spellings.retain(|spelling| {
            let Some(info) = words.get(&fold_word(&spelling.text)).filter(|i| i.count >= ORDINARY) else { return true };
            // An insult is no ordinary word however often it is heard: leaving it out would be no cure.
            if written.contains(&spelling.text) || info.pos.has(Pos::INSULT) {
                let message =
                    format!("`{}` of `{}` flags by itself and is a common word: {} per million, limit 5", spelling.text, common.id, per_million(info.count));
                sink.error(common.place.clone(), message, Some("make the slur `use = \"ambiguous\"`, or write a `rare_reason`".to_owned()));
                return true;
            }
            if !dropped.iter().any(|d: &Dropped| d.entry == common.id && d.form == spelling.text) {
                dropped.push(Dropped { entry: common.id.clone(), form: spelling.text.clone(), count: info.count });
                let message = format!(
                    "generated form `{}` of `{}` is an ordinary word ({} per million) and was left out",
                    spelling.text,
                    common.id,
                    per_million(info.count)
                );
                sink.warning(common.place.clone(), message, None);
            }
            false
        });
    }
    dropped
}

fn per_million(count: u32) -> String {
    format!("{:.1}", f64::from(count) / 100.0)
}
