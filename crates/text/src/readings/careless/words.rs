//! Words of text messages, and what they stand for.

/// What stands for what, sorted; `true` marks spellings that nobody uses by accident.
const WORDS: &[(&str, bool, &[&str])] = &[
    ("ac", false, &["avec"]),
    ("auj", true, &["aujourd hui"]),
    ("aure", true, &["aurait", "auraient"]),
    ("av", false, &["avec"]),
    ("avc", true, &["avec"]),
    ("avk", true, &["avec"]),
    ("bcp", true, &["beaucoup"]),
    ("beaucou", true, &["beaucoup"]),
    ("bo", false, &["beau"]),
    ("bou", false, &["bout"]),
    ("c", false, &["c est"]),
    ("ce", false, &["c est", "ces", "ses"]),
    ("che", false, &["chez"]),
    ("chui", true, &["je suis"]),
    ("chuis", true, &["je suis"]),
    ("com", false, &["comme"]),
    ("commen", true, &["comment"]),
    ("d", false, &["des"]),
    ("dan", true, &["dans"]),
    ("de", false, &["des"]),
    ("dem", false, &["demain"]),
    ("deor", true, &["dehors"]),
    ("devrai", true, &["devrait", "devraient"]),
    ("devre", true, &["devrait", "devraient"]),
    ("dhors", true, &["dehors"]),
    ("di", true, &["dit"]),
    ("dla", true, &["de la"]),
    ("dmain", true, &["demain"]),
    ("ds", true, &["dans"]),
    ("e", false, &["est", "et"]),
    ("ele", true, &["elle"]),
    ("eles", true, &["elles"]),
    ("fai", false, &["fait", "faire"]),
    ("fam", true, &["femme", "femmes"]),
    ("fau", true, &["faut"]),
    ("faudrai", true, &["faudrait"]),
    ("faudre", true, &["faudrait"]),
    ("fe", false, &["fait", "faire"]),
    ("fo", true, &["faut"]),
    ("fodra", true, &["faudra"]),
    ("fodrai", true, &["faudrait"]),
    ("fodrait", true, &["faudrait"]),
    ("fodre", true, &["faudrait"]),
    ("fon", false, &["font"]),
    ("foutr", true, &["foutre"]),
    ("ftg", true, &["ferme ta gueule"]),
    ("g", false, &["j ai"]),
    ("gen", false, &["gens"]),
    ("gro", true, &["gros"]),
    ("hom", true, &["homme", "hommes"]),
    ("i", false, &["ils"]),
    ("j", false, &["je"]),
    ("jai", true, &["j ai"]),
    ("jame", false, &["jamais"]),
    ("jdi", true, &["je dis"]),
    ("jdis", true, &["je dis"]),
    ("jdoi", true, &["je dois"]),
    ("je", false, &["j ai"]),
    ("jen", true, &["j en"]),
    ("jms", true, &["jamais"]),
    ("jpense", true, &["je pense"]),
    ("jsui", true, &["je suis"]),
    ("jsuis", true, &["je suis"]),
    ("jte", true, &["je te"]),
    ("jtm", true, &["je t aime"]),
    ("jv", true, &["je vais"]),
    ("jva", true, &["je vais"]),
    ("jvai", true, &["je vais"]),
    ("jvais", true, &["je vais"]),
    ("jve", true, &["je vais"]),
    ("jveu", true, &["je veux"]),
    ("jveux", true, &["je veux"]),
    ("jvou", true, &["je vous"]),
    ("k", false, &["que"]),
    ("kan", false, &["quand"]),
    ("kand", true, &["quand"]),
    ("ke", true, &["que"]),
    ("kel", true, &["quel", "quelle", "qu elle"]),
    ("kelkun", true, &["quelqu un"]),
    ("kelle", true, &["quelle", "qu elle"]),
    ("kelles", true, &["quelles", "qu elles"]),
    ("kels", true, &["quels"]),
    ("ki", true, &["qui"]),
    ("kil", true, &["qu il", "qu ils"]),
    ("kils", true, &["qu ils"]),
    ("koi", true, &["quoi"]),
    ("kom", true, &["comme"]),
    ("kome", true, &["comme"]),
    ("kon", true, &["qu on"]),
    ("le", false, &["les"]),
    ("ls", true, &["les"]),
    ("ma", false, &["m a"]),
    ("mai", false, &["mais"]),
    ("mar", true, &["marre"]),
    ("me", false, &["mais"]),
    ("memm", true, &["meme"]),
    ("mm", true, &["meme"]),
    ("mor", true, &["mort"]),
    ("mtn", true, &["maintenant"]),
    ("mwa", true, &["moi"]),
    ("nik", true, &["nique"]),
    ("nike", false, &["nique"]),
    ("nn", true, &["non"]),
    ("nou", true, &["nous"]),
    ("ns", true, &["nous"]),
    ("o", true, &["aux", "au"]),
    ("om", false, &["homme"]),
    ("on", false, &["ont"]),
    ("ossi", true, &["aussi"]),
    ("pa", true, &["pas"]),
    ("parc", false, &["parce"]),
    ("parceke", true, &["parce que"]),
    ("pars", false, &["parce"]),
    ("parske", true, &["parce que"]),
    ("partou", true, &["partout"]),
    ("pay", false, &["pays", "paye"]),
    ("pck", true, &["parce que"]),
    ("pcq", true, &["parce que"]),
    ("peu", false, &["peut", "peux"]),
    ("pk", true, &["pourquoi"]),
    ("plu", false, &["plus"]),
    ("pluto", false, &["plutot"]),
    ("po", false, &["peau"]),
    ("pourkoi", true, &["pourquoi"]),
    ("pr", true, &["pour"]),
    ("ps", false, &["pas"]),
    ("psk", true, &["parce que"]),
    ("pt", false, &["peut"]),
    ("pu", false, &["pue", "puent"]),
    ("put", false, &["pute", "putes"]),
    ("q", false, &["que"]),
    ("qd", true, &["quand"]),
    ("qlq", true, &["quelque"]),
    ("ren", false, &["rien"]),
    ("sa", false, &["ca"]),
    ("sal", true, &["sale", "sales"]),
    ("sals", true, &["sales"]),
    ("san", false, &["sans"]),
    ("se", false, &["c est", "ce", "ces"]),
    ("ser", false, &["sert", "servent"]),
    ("sere", true, &["serait", "seraient", "serez"]),
    ("seron", true, &["seront"]),
    ("ses", false, &["ces"]),
    ("slt", true, &["salut"]),
    ("son", false, &["sont"]),
    ("st", false, &["sont"]),
    ("sui", true, &["suis"]),
    ("swa", true, &["soi"]),
    ("t", false, &["t es"]),
    ("ta", false, &["t a"]),
    ("tas", false, &["t as"]),
    ("te", false, &["t es"]),
    ("tes", false, &["t es"]),
    ("tjr", true, &["toujours"]),
    ("tjrs", true, &["toujours"]),
    ("tjs", true, &["toujours"]),
    ("tkt", true, &["t inquiete"]),
    ("tlm", true, &["tout le monde"]),
    ("tn", true, &["ton"]),
    ("tou", false, &["tous", "tout"]),
    ("toujour", true, &["toujours"]),
    ("tro", true, &["trop"]),
    ("trp", true, &["trop"]),
    ("ts", true, &["tous"]),
    ("tt", true, &["tous", "tout"]),
    ("tte", true, &["toute"]),
    ("ttes", true, &["toutes"]),
    ("twa", true, &["toi"]),
    ("vazi", true, &["vas y"]),
    ("vazy", true, &["vas y"]),
    ("ve", false, &["veut"]),
    ("veu", true, &["veux", "veut"]),
    ("vla", true, &["voila"]),
    ("vo", false, &["vaut", "valent"]),
    ("von", false, &["vont"]),
    ("vou", true, &["vous"]),
    ("vrmt", true, &["vraiment"]),
    ("vs", true, &["vous"]),
    ("y", false, &["il y a"]),
    ("ya", true, &["il y a"]),
];

/// The entry of a word of text messages.
pub(super) fn entry(word: &str) -> Option<&'static (&'static str, bool, &'static [&'static str])> {
    WORDS.binary_search_by(|(w, ..)| (*w).cmp(word)).ok().map(|at| &WORDS[at])
}

/// Whether the word shows that its post is written carelessly. Asked of every word, so that a filter says no to most of them.
pub(in super::super) fn shows(word: &str) -> bool {
    let key = key(word.as_bytes());
    SURE[key / 64] >> (key % 64) & 1 == 1 && entry(word).is_some_and(|e| e.1)
}

/// The keys of the spellings that nobody uses by accident, as bits.
const SURE: [u64; 16] = {
    let mut bits = [0; 16];
    let mut at = 0;
    while at < WORDS.len() {
        if WORDS[at].1 {
            let key = key(WORDS[at].0.as_bytes());
            bits[key / 64] |= 1 << (key % 64);
        }
        at += 1;
    }
    bits
};

/// One of 1,024 keys, from the ends and the length of a word.
const fn key(word: &[u8]) -> usize {
    match word {
        [] => 0,
        [first, ..] => (*first as usize * 37 + word[word.len() - 1] as usize * 11 + word.len() * 5) % 1024,
    }
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn the_words_are_sorted_and_folded() {
        assert!(WORDS.windows(2).all(|w| w[0].0 < w[1].0));
        for (word, sure, readings) in WORDS {
            assert_eq!(crate::fold_word(word), *word);
            assert!(super::shows(word) == *sure, "{word}");
            assert!(readings.iter().all(|r| crate::fold_word(r) == **r), "{word}");
        }
    }
}
