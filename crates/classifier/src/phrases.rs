//! Phrases as a trie over the numbers of their words: one table of steps, open addressing, a step one load.

mod packed;

use packed::Packed;

/// A place in the trie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node(u32);

impl Node {
    /// Nowhere.
    pub(crate) const NONE: Self = Self(u32::MAX);
}

/// No form ends here.
const NO_FORM: u32 = u32::MAX;

/// From one place, by one word, to another. Free when it leads nowhere.
#[derive(Debug, Clone, Copy)]
struct Step {
    from: Node,
    word: u32,
    to: Node,
}

const FREE: Step = Step { from: Node::NONE, word: 0, to: Node::NONE };

/// The trie: a first word has a root of its own.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    /// A power of two of them, at most two thirds taken.
    steps: Vec<Step>,
    /// The same once nothing is added any more, unless there are too many.
    packed: Option<Packed>,
    taken: usize,
    /// By node: the phrase that ends there, or none.
    forms: Vec<u32>,
}

impl Phrases {
    /// A new root.
    pub(crate) fn root(&mut self) -> Node {
        self.forms.push(NO_FORM);
        Node(self.forms.len() as u32 - 1)
    }

    /// Where a word leads, made if it leads nowhere.
    pub(crate) fn insert(&mut self, from: Node, word: u32) -> Node {
        if (self.taken + 1) * 3 > self.steps.len() * 2 {
            self.grow();
        }
        let at = self.find(from, word);
        if self.steps[at].to == Node::NONE {
            self.taken += 1;
            self.steps[at] = Step { from, word, to: self.root() };
        }
        self.steps[at].to
    }

    /// A phrase ends here.
    pub(crate) fn end(&mut self, node: Node, form: u32) {
        self.forms[node.0 as usize] = form;
    }

    /// Where a word leads, if anywhere.
    pub(crate) fn child(&self, from: Node, word: u32) -> Node {
        match &self.packed {
            Some(packed) => packed.child(from, word),
            None if self.steps.is_empty() => Node::NONE,
            None => self.steps[self.find(from, word)].to,
        }
    }

    /// The phrase that ends at a node.
    pub(crate) fn form(&self, node: Node) -> Option<u32> {
        let form = self.forms[node.0 as usize];
        (form != NO_FORM).then_some(form)
    }

    /// Gives back what only adding needs; nothing is added after.
    pub(crate) fn shrink(&mut self) {
        self.forms.shrink_to_fit();
        let steps = || self.steps.iter().filter(|step| step.to != Node::NONE).copied();
        self.packed = Packed::new(steps, self.taken, self.forms.len());
        if self.packed.is_some() {
            self.steps = Vec::new();
        }
    }

    /// The place of a step, or the free one where it would go.
    fn find(&self, from: Node, word: u32) -> usize {
        let mask = self.steps.len() - 1;
        let mut at = home(from, word) & mask;
        while self.steps[at].to != Node::NONE && (self.steps[at].from != from || self.steps[at].word != word) {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let size = (self.steps.len() * 2).max(1 << 10);
        let old = std::mem::replace(&mut self.steps, vec![FREE; size]);
        for step in old.into_iter().filter(|step| step.to != Node::NONE) {
            let at = self.find(step.from, step.word);
            self.steps[at] = step;
        }
    }
}

fn home(from: Node, word: u32) -> usize {
    mixed(from, word) as usize >> 24
}

fn mixed(from: Node, word: u32) -> u64 {
    let mixed = (u64::from(from.0) << 32 | u64::from(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_leads_nowhere_else() {
        for phrases in [0, 1, 2, 40, 5_000] {
            let mut trie = Phrases::default();
            let root = trie.root();
            // As the words of a lexicon go: few begin many phrases.
            let phrase = |n: u32| [n % 7, n * n % 11, n % 900, n % 3];
            for n in 0..phrases {
                let end = phrase(n).into_iter().fold(root, |node, word| trie.insert(node, word));
                trie.end(end, n);
            }
            let all: Vec<(Node, u32)> =
                (0..trie.forms.len() as u32).flat_map(|node| (0..900).step_by(13).chain([1, 2, u32::MAX]).map(move |w| (Node(node), w))).collect();
            let before: Vec<Node> = all.iter().map(|(node, word)| trie.child(*node, *word)).collect();
            trie.shrink();
            assert_eq!(trie.packed.is_some(), phrases > 0, "{phrases} phrases");
            let after: Vec<Node> = all.iter().map(|(node, word)| trie.child(*node, *word)).collect();
            assert!(before == after, "{phrases} phrases");
        }
    }
}
