//! The steps of a finished trie, each in one number of 64 bits: as many bits for a node and a word as the greatest of them takes.

use super::{Node, Step, mixed};

/// Steps by hash, open addressing, two thirds taken.
#[derive(Debug)]
pub(super) struct Packed {
    /// From where, by which word, to where; 0 is free, since nothing leads to the first root.
    slots: Vec<u64>,
    node_bits: u32,
    word_bits: u32,
}

impl Packed {
    /// Nothing without steps, and when they need more bits.
    pub(super) fn new<I: Iterator<Item = Step>>(steps: impl Fn() -> I, count: usize, nodes: usize) -> Option<Self> {
        let most = steps().map(|step| step.word).max()?;
        let bits = |most: u32| u32::BITS - most.leading_zeros();
        let (node_bits, word_bits) = (bits(u32::try_from(nodes).ok()?), bits(most));
        if 2 * node_bits + word_bits > u64::BITS {
            return None;
        }
        let mut packed = Self { slots: vec![0; count * 3 / 2 + 1], node_bits, word_bits };
        for Step { from, word, to } in steps() {
            let at = packed.find(from, word);
            packed.slots[at] = packed.key(from, word) << node_bits | u64::from(to.0);
        }
        Some(packed)
    }

    pub(super) fn child(&self, from: Node, word: u32) -> Node {
        // The number of a word that stands in no phrase may need more bits.
        if u64::from(word) >> self.word_bits != 0 {
            return Node::NONE;
        }
        match self.slots[self.find(from, word)] {
            0 => Node::NONE,
            step => Node((step & ((1 << self.node_bits) - 1)) as u32),
        }
    }

    fn key(&self, from: Node, word: u32) -> u64 {
        u64::from(from.0) << self.word_bits | u64::from(word)
    }

    /// The place of a step, or the free one where it would go.
    fn find(&self, from: Node, word: u32) -> usize {
        let key = self.key(from, word);
        let mut at = (((mixed(from, word) >> 32) * self.slots.len() as u64) >> 32) as usize;
        while self.slots[at] != 0 && self.slots[at] >> self.node_bits != key {
            at = if at + 1 == self.slots.len() { 0 } else { at + 1 };
        }
        at
    }
}
