//! The short path of `classify`, which stops at the first sign that a post is clean, against the whole path, which asks no gate.

use vigie_lexicon::{Files, Form, load};

use super::*;
use crate::BEHAVIOUR;
use crate::frames::oracle::Oracle;

/// Pseudo-random numbers: the same posts in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// What posts are made of.
struct Vocabulary<'a> {
    plain: Vec<&'a str>,
    operators: Vec<&'a str>,
    groups: Vec<&'a str>,
    predicates: Vec<&'a str>,
    slurs: Vec<&'a str>,
}

impl<'a> Vocabulary<'a> {
    fn of(files: &'a Files, lexicon: &'a Lexicon) -> Self {
        let counts = files.get("words/counts.tsv").and_then(|b| std::str::from_utf8(b).ok()).expect("counts");
        let plain = counts.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('\t').next()).take(5_000).collect();
        let plural = |s: &&vigie_lexicon::Spelling| matches!(s.form, Form::MPl | Form::FPl);
        Self {
            plain,
            operators: lexicon.operators.iter().flat_map(|e| &e.spellings).map(|s| &*s.text).collect(),
            groups: lexicon.groups.iter().flat_map(|e| &e.spellings).filter(plural).map(|s| &*s.text).collect(),
            predicates: lexicon.predicates.iter().flat_map(|e| &e.spellings).map(|s| &*s.text).collect(),
            slurs: lexicon.slurs.iter().flat_map(|e| &e.spellings).map(|s| &*s.text).collect(),
        }
    }

    fn post(&self, numbers: &mut Numbers) -> String {
        let mut post = String::new();
        for _ in 0..4 + numbers.below(24) {
            let lists = [&self.plain, &self.plain, &self.plain, &self.operators, &self.operators, &self.groups, &self.predicates, &self.slurs];
            let any = if numbers.below(4) == 0 { lists.len() } else { 5 };
            let list = lists[numbers.below(any)];
            let word = numbers.pick(list).to_owned();
            post.push_str(&self.disguised(&word, numbers));
            post.push_str(numbers.pick(&[" ", " ", " ", " ", " ", " ", ", ", ". ", " : « ", " » ", "… ", "! "]));
        }
        post
    }

    /// One word in ten is written as people who hide write.
    fn disguised(&self, word: &str, numbers: &mut Numbers) -> String {
        match numbers.below(40) {
            0 => word.replace('a', "4").replace('e', "3"),
            1 => word.replacen(['e', 'u'], "*", 1),
            2 => word.chars().map(|c| format!("{c} ")).collect(),
            3 => word.to_uppercase(),
            4 => word.replace('o', "\u{43e}"),
            5 => format!("#{}{}", word.replace(' ', ""), numbers.pick(&self.plain)),
            6 => word.replace('i', "iii"),
            _ => word.to_owned(),
        }
    }
}

impl Classifier {
    /// Every step on every post.
    fn whole(&self, text: &str, s: &mut Scratch) -> Verdict {
        self.open(text, s);
        self.match_words(s);
        self.complete(text, s);
        self.turned(s);
        self.judge(text, s, Patterns::All);
        policy::verdict(&self.lexicon.policy, s)
    }
}

/// A template of the most common shapes, so that many posts are flagged.
fn shaped(v: &Vocabulary<'_>, numbers: &mut Numbers) -> String {
    let (group, predicate, operator, plain) = (numbers.pick(&v.groups), numbers.pick(&v.predicates), numbers.pick(&v.operators), numbers.pick(&v.plain));
    match numbers.below(6) {
        0 => format!("les {group} sont {operator} {predicate}, {plain}"),
        1 => format!("{plain} il faut {predicate} les {group}"),
        2 => format!("je dis que les {group} ne sont pas {predicate} et ils {operator} {plain}"),
        3 => format!("{plain}. {predicate} tous les {group} !"),
        4 => format!("« les {group} {predicate} », a dit {plain}, ce que je condamne"),
        _ => format!("{operator} {plain} les {group} {predicate} {plain}"),
    }
}

/// The `n`th post of so many parts: sentences, clauses, or neither.
fn several(v: &Vocabulary<'_>, numbers: &mut Numbers, parts: usize, n: usize) -> String {
    let part = |_| if numbers.below(3) == 0 { v.post(numbers) } else { shaped(v, numbers) };
    (0..parts).map(part).collect::<Vec<_>>().join([". ", ", ", " "][n % 3])
}

/// The bundle compiled, and whole.
fn bundle(files: &Files) -> (Classifier, Lexicon) {
    let whole = || load(files, BEHAVIOUR).expect("the bundle is good");
    (Classifier::new(whole()).expect("and compiles"), whole())
}

/// Both paths on so many posts.
fn check(posts: usize, seed: u64, post: impl Fn(usize, &Vocabulary<'_>, &mut Numbers) -> String) {
    let files = Files::built_in();
    let (classifier, lexicon) = bundle(&files);
    let vocabulary = Vocabulary::of(&files, &lexicon);
    let mut numbers = Numbers(seed);
    let (mut short, mut whole) = (Scratch::default(), Scratch::default());
    let mut findings = 0;
    for n in 0..posts {
        let post = post(n, &vocabulary, &mut numbers);
        let expected = classifier.whole(&post, &mut whole);
        findings += expected.findings.len() + expected.suppressed.len();
        assert_eq!(classifier.classify(&post, &mut short), expected, "{post}");
    }
    assert!(findings > 300, "the posts say too little to tell the paths apart: {findings} findings");
}

#[test]
fn the_short_path_gives_the_verdict_of_the_whole_path() {
    check(6_000, 0x9E37_79B9_7F4A_7C15, |n, vocabulary, numbers| if n % 3 == 0 { shaped(vocabulary, numbers) } else { vocabulary.post(numbers) });
}

/// Examples of frames that name nobody, or parts of two of them, with words put in, left out and cut.
#[test]
fn the_short_path_gives_the_verdict_of_the_whole_path_in_posts_that_name_nobody() {
    let files = Files::built_in();
    let (_, lexicon) = bundle(&files);
    let frames = lexicon.frames.iter().flat_map(|f| f.common.must_match.iter().chain(&f.common.must_not_match));
    let examples: Vec<&str> = frames.map(String::as_str).filter(|text| !text.contains('{')).collect();
    assert!(examples.len() > 400, "{} examples name nobody", examples.len());
    check(6_000, 0xA076_1D64_78BD_642F, |n, vocabulary, numbers| {
        let (one, other) = (examples[n % examples.len()], numbers.pick(&examples));
        let mut words: Vec<&str> = if n < examples.len() { one.split(' ').collect() } else { one.split(' ').chain(other.split(' ')).collect() };
        for _ in 0..numbers.below(4) {
            let at = numbers.below(words.len());
            match numbers.below(4) {
                0 if words.len() > 1 => _ = words.remove(at),
                1 => words.insert(at, numbers.pick(&["pas", "jamais", "très", "vraiment", "!", "...", "et", "«", "»", "=", "#"])),
                2 => words.insert(at, numbers.pick(&vocabulary.operators)),
                _ => words.insert(at, numbers.pick(&vocabulary.plain)),
            }
        }
        words.join(" ")
    });
}

#[test]
fn the_short_path_gives_the_verdict_of_the_whole_path_in_posts_of_any_length() {
    check(120, 0xD1B5_4A32_D192_ED03, |n, vocabulary, numbers| {
        // From short sentences to a single one of hundreds of words.
        let between = ["! ", ". ", " ", ", ", " : ", "\n"][n % 6];
        let part = |numbers: &mut Numbers| match numbers.below(4) {
            0 => shaped(vocabulary, numbers),
            1 => numbers.pick(&vocabulary.groups).to_owned(),
            _ => (0..numbers.below(12)).map(|_| numbers.pick(&vocabulary.plain)).collect::<Vec<_>>().join(" "),
        };
        (0..10 + numbers.below(90)).map(|_| part(numbers)).collect::<Vec<_>>().join(between)
    });
}

#[test]
fn the_frames_find_what_their_regexes_find_in_the_whole_post() {
    let files = Files::built_in();
    let (classifier, lexicon) = bundle(&files);
    let is_class = |name: &str| lexicon.policy.classes.contains_key(name);
    let oracle = |source: &frames::Source<'_>| Oracle::compile(source, &classifier.symbols, &is_class);
    let frames = lexicon.frames.iter().map(frames::Source::of_finding).chain(lexicon.clues.iter().map(frames::Source::of_clue));
    let finding = frames.map(|source| oracle(&source)).collect::<Vec<_>>();
    let stance = lexicon.stance_frames.iter().map(|f| oracle(&frames::Source::of_stance(f))).collect::<Vec<_>>();
    let vocabulary = Vocabulary::of(&files, &lexicon);
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    let (mut s, mut found, mut all) = (Scratch::default(), Vec::new(), 0);
    for n in 0..250 {
        let post =
            (0..=n % 4).map(|_| if n % 3 == 0 { vocabulary.post(&mut numbers) } else { shaped(&vocabulary, &mut numbers) }).collect::<Vec<_>>().join(". ");
        classifier.whole(&post, &mut s);
        found.clear();
        classifier.frames.find(&s.encoded, &mut s.search, &mut found);
        let expected: Vec<FrameHit> = finding.iter().enumerate().flat_map(|(n, oracle)| oracle.find(n, &s.encoded)).collect();
        all += found.len();
        assert_eq!(found, expected, "{post}");
        for (frame, oracle) in stance.iter().enumerate() {
            let expected = (!oracle.find(frame, &s.encoded).is_empty()).then_some(frame);
            assert_eq!(classifier.stance.highest(&s.encoded, None, &mut s.search, |n| (n == frame).then_some(())), expected, "{post}");
        }
        let matching = (0..stance.len()).filter(|&n| !stance[n].find(n, &s.encoded).is_empty());
        let expected = matching.max_by_key(|n| (n % 3, std::cmp::Reverse(*n)));
        assert_eq!(classifier.stance.highest(&s.encoded, None, &mut s.search, |n| Some(n % 3)), expected, "{post}");
    }
    assert!(all > 100, "the posts say too little to tell the ways apart: {all} matches");
}

#[test]
fn the_gates_let_every_match_of_every_frame_through_where_it_begins() {
    let files = Files::built_in();
    let (classifier, lexicon) = bundle(&files);
    let vocabulary = Vocabulary::of(&files, &lexicon);
    let mut numbers = Numbers(0x6A09_E667_F3BC_C909);
    let (mut s, mut found, mut all) = (Scratch::default(), Vec::new(), 0);
    for n in 0..1_200 {
        // From one sentence to stretches of them.
        let parts = if n % 20 == 0 { 60 } else { 1 + n % 4 };
        let post = several(&vocabulary, &mut numbers, parts, n);
        classifier.whole(&post, &mut s);
        found.clear();
        classifier.frames.find(&s.encoded, &mut s.search, &mut found);
        found.retain(|hit| hit.frame < lexicon.frames.len());
        all += found.len();
        classifier.open(&post, &mut s);
        let through = classifier.find(&post, &mut s) && classifier.may_say(&post, &mut s);
        for FrameHit { frame, words, .. } in &found {
            let may = |task: &frames::Task| task.pattern as usize == *frame && (task.start as usize..task.end as usize).contains(&words.start);
            assert!(through && s.gates.tasks.iter().any(may), "{post}: {} at {words:?}", lexicon.frames[*frame].common.id);
        }
    }
    assert!(all > 600, "the posts say too little: {all} matches");
}

#[test]
fn a_stance_is_told_from_the_words_near_its_finding() {
    let files = Files::built_in();
    let (classifier, lexicon) = bundle(&files);
    let vocabulary = Vocabulary::of(&files, &lexicon);
    let mut numbers = Numbers(0x853C_49E6_748F_EA9B);
    let most = classifier.stance.around().expect("every stance frame of the bundle holds its finding");
    let find = classifier.symbols.get("FIND").and_then(|id| classifier.symbols.letter(id, 1)).expect("stance frames name it");
    let (mut s, mut all, mut near, mut told) = (Scratch::default(), Encoded::default(), Encoded::default(), 0);
    for n in 0..400 {
        let post = several(&vocabulary, &mut numbers, 1 + n % 12, n);
        classifier.whole(&post, &mut s);
        let words = s.encoded.len();
        for at in [0, words / 2, words.saturating_sub(1), numbers.below(words)].into_iter().filter(|at| *at < words) {
            let finding = at..(at + 1 + numbers.below(3)).min(words);
            all.fill_around(&s.encoded, 0..words, &finding, std::iter::once(find));
            let window = finding.start.saturating_sub(most + 1)..words.min(finding.end + most + 1);
            let place = near.fill_around(&s.encoded, window, &finding, std::iter::once(find));
            let expected = classifier.stance.highest(&all, None, &mut s.search, |n| Some(n % 3));
            told += usize::from(expected.is_some());
            assert_eq!(classifier.stance.highest(&near, place, &mut s.search, |n| Some(n % 3)), expected, "{post}: {finding:?}");
        }
    }
    assert!(told > 100, "the posts say too little to tell the ways apart: {told} stances");
}
