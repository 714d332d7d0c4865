//! The forms as a trie, and the walk of a pattern over it: repetition, leet, masks and separated letters are one search. Knows letters
//! `a-z` only.

/// One place of a pattern: some letters, between `min` and `max` times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    /// Bit n stands for the n-th letter.
    pub(super) letters: u32,
    /// Fewest letters it stands for.
    pub(super) min: u8,
    /// Most letters it stands for.
    pub(super) max: u8,
    /// The digit 2, which also stands for "de".
    pub(super) de: bool,
    /// Where it ends in the original.
    pub(super) end: u32,
}

/// Every letter.
pub(super) const ANY: u32 = (1 << 26) - 1;

/// The bit of a small letter.
pub(super) fn bit(letter: u8) -> u32 {
    1 << (letter - b'a')
}

/// Children of a node are neighbours, in the order of their letters.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Those of its children, and [`END`] when a key ends here.
    letters: u32,
    first: u32,
}

/// Marks the end of a key, beside the letters.
const END: u32 = 1 << 26;
/// Nodes of which the keys before them are counted.
const BLOCK: usize = 64;

/// Keys of letters `a-z`. Most nodes end none, so that keys stand apart: that of a node is found by counting those that end before it.
#[derive(Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    /// By node that ends one, in order.
    keys: Vec<u32>,
    /// By block of nodes: which of them end a key, and how many end before.
    ends: Vec<(u64, u32)>,
}

impl Default for Trie {
    fn default() -> Self {
        Self::build(&[])
    }
}

impl Trie {
    /// The keys, sorted and without doubles; the n-th gets the number n.
    pub(super) fn build(keys: &[&[u8]]) -> Self {
        let mut nodes = vec![Node { letters: 0, first: 0 }];
        let mut ended = Vec::new();
        // Ranges of keys that share the letters down to a node, level by level.
        let mut queue = std::collections::VecDeque::from([(0_usize, 0..keys.len(), 0_usize)]);
        while let Some((node, range, depth)) = queue.pop_front() {
            let mut at = range.start;
            if at < range.end && keys[at].len() == depth {
                nodes[node].letters = END;
                ended.push(at as u32);
                at += 1;
            }
            nodes[node].first = nodes.len() as u32;
            while at < range.end {
                let letter = keys[at][depth];
                let end = at + keys[at..range.end].partition_point(|k| k[depth] == letter);
                nodes[node].letters |= bit(letter);
                queue.push_back((nodes.len(), at..end, depth + 1));
                nodes.push(Node { letters: 0, first: 0 });
                at = end;
            }
        }
        nodes.shrink_to_fit();
        ended.shrink_to_fit();
        let mut before = 0;
        let block = |nodes: &[Node]| {
            let ends = nodes.iter().rev().fold(0_u64, |ends, node| ends << 1 | u64::from(node.letters & END != 0));
            let block = (ends, before);
            before += ends.count_ones();
            block
        };
        let ends = nodes.chunks(BLOCK).map(block).collect();
        Self { nodes, keys: ended, ends }
    }

    /// The child of `node` by `letter`.
    pub(super) fn child(&self, node: u32, letter: u8) -> Option<u32> {
        if !letter.is_ascii_lowercase() {
            return None;
        }
        let n = self.nodes[node as usize];
        let bit = bit(letter);
        (n.letters & bit != 0).then(|| n.first + (n.letters & (bit - 1)).count_ones())
    }

    /// The key that ends at `node`.
    pub(super) fn key_at(&self, node: u32) -> Option<u32> {
        let (ends, before) = self.ends[node as usize / BLOCK];
        let place = node as usize % BLOCK;
        let end = ends >> place & 1 != 0;
        end.then(|| self.keys[(before + (ends & ((1 << place) - 1)).count_ones()) as usize])
    }

    /// The number of a key.
    pub(super) fn get(&self, key: &[u8]) -> Option<u32> {
        let node = key.iter().try_fold(0, |node, letter| self.child(node, *letter))?;
        self.key_at(node)
    }

    /// Walks `pattern` from the root. With `prefixes`, keys may end before the pattern does.
    /// Pushes `(key, elements read)` on `found`, without doubles; stops after `budget` steps. Gives the steps taken.
    pub(super) fn walk(&self, pattern: &[Element], prefixes: bool, budget: u64, found: &mut Vec<(u32, u32)>) -> u64 {
        let mut walk = Walk { trie: self, pattern, prefixes, steps: 0, budget, found };
        walk.go(0, 0, 0);
        walk.steps
    }
}

struct Walk<'a> {
    trie: &'a Trie,
    pattern: &'a [Element],
    prefixes: bool,
    steps: u64,
    budget: u64,
    found: &'a mut Vec<(u32, u32)>,
}

impl Walk<'_> {
    /// At `node`, with `read` elements done and `taken` letters of the next one.
    fn go(&mut self, node: u32, read: usize, taken: u8) {
        self.steps += 1;
        if self.steps > self.budget {
            return;
        }
        let Some(element) = self.pattern.get(read).copied() else {
            self.report(node, read);
            return;
        };
        if taken == 0 && self.prefixes && read > 0 {
            self.report(node, read);
        }
        if taken >= element.min {
            // Enough of it: the next element may begin, without a step of its own in the trie.
            if taken > 0 || element.min == 0 {
                self.go(node, read + 1, 0);
            }
        }
        if taken < element.max {
            let mut letters = self.trie.nodes[node as usize].letters & element.letters;
            while letters != 0 {
                let letter = letters.trailing_zeros();
                letters &= letters - 1;
                let n = self.trie.nodes[node as usize];
                let child = n.first + (n.letters & ((1 << letter) - 1)).count_ones();
                self.go(child, read, taken + 1);
            }
        }
        if element.de && taken == 0 {
            let end = self.trie.child(node, b'd').and_then(|n| self.trie.child(n, b'e'));
            if let Some(end) = end {
                self.go(end, read + 1, 0);
            }
        }
    }

    fn report(&mut self, node: u32, read: usize) {
        if let Some(key) = self.trie.key_at(node) {
            let hit = (key, read as u32);
            if !self.found.contains(&hit) && self.found.len() < 64 {
                self.found.push(hit);
            }
        }
    }
}
