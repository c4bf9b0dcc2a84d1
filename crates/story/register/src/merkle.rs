//! Merkle trees of RFC 6962: roots, inclusion and consistency proofs, made and verified.
//!
//! Leaf = SHA-256(0x00 ‖ data), node = SHA-256(0x01 ‖ left ‖ right), empty tree = SHA-256("").
//! A tree of n > 1 leaves splits at the largest power of two below n. Verification follows
//! RFC 9162 2.1.3.2 and 2.1.4.2; subtrees follow draft-ietf-plants-merkle-tree-certs, section 4.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// More hashes than any tree of 2^63 leaves can need.
pub const PROOF_HASHES_MAX: usize = 64;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ProofError {
    #[error("leaf {index} lies outside a tree of {size} leaves")]
    Index { index: u64, size: u64 },
    #[error("a tree of {old} leaves cannot come before one of {new}")]
    Sizes { old: u64, new: u64 },
    #[error("[{start}, {end}) is not a subtree")]
    Subtree { start: u64, end: u64 },
    #[error("the proof has {0} hashes, too few or too many for this tree")]
    Length(usize),
    #[error("the proof leads to another root than the one given")]
    Root,
    #[error("the proof leads to another old root than the one given")]
    OldRoot,
}

pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// SHA-256(0x00 ‖ data), RFC 6962 2.1.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(data)
        .finalize()
        .into()
}

/// SHA-256(0x01 ‖ left ‖ right), RFC 6962 2.1.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The roots of the perfect subtrees of a tree, widest first: enough to append and to give the
/// root, in O(log n) memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    pub const fn size(&self) -> u64 {
        self.size
    }

    pub fn append(&mut self, leaf: Hash) {
        let mut carried = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                carried = node_hash(&left, &carried);
            }
        }
        self.peaks.push(carried);
        self.size += 1;
    }

    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else {
            return empty_root();
        };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }
}

/// A whole tree in memory: every perfect node, level by level, so that an append costs O(1)
/// hashes on average and a proof O(log² n) at most.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `levels[k][i]` = root of leaves `[i·2^k, (i+1)·2^k)`.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    pub fn leaf(&self, index: u64) -> Option<Hash> {
        let index = usize::try_from(index).ok()?;
        self.levels.first()?.get(index).copied()
    }

    pub fn append(&mut self, leaf: Hash) {
        let mut carried = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let nodes = &mut self.levels[level];
            nodes.push(carried);
            if nodes.len() % 2 == 1 {
                return;
            }
            carried = node_hash(&nodes[nodes.len() - 2], &nodes[nodes.len() - 1]);
        }
    }

    pub fn root(&self) -> Hash {
        self.range_hash(0, self.size())
    }

    /// The root the tree had at an earlier size.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        (size <= self.size()).then(|| self.range_hash(0, size))
    }

    /// The frontier the tree had at an earlier size.
    pub fn frontier_at(&self, size: u64) -> Option<Frontier> {
        if size > self.size() {
            return None;
        }
        let mut peaks = Vec::new();
        let mut start = 0;
        for level in (0..64).rev().filter(|level| size >> level & 1 == 1) {
            let end = start + (1_u64 << level);
            peaks.push(self.range_hash(start, end));
            start = end;
        }
        Some(Frontier { size, peaks })
    }

    /// PATH(m, D[n]) of RFC 6962 2.1.1, the leaf's sibling first.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
        if index >= size || size > self.size() {
            return Err(ProofError::Index {
                index,
                size: size.min(self.size()),
            });
        }
        let (mut start, mut end) = (0, size);
        let mut proof = Vec::new();
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                proof.push(self.range_hash(middle, end));
                end = middle;
            } else {
                proof.push(self.range_hash(start, middle));
                start = middle;
            }
        }
        proof.reverse();
        Ok(proof)
    }

    /// PROOF(m, D[n]) of RFC 6962 2.1.2; empty when `old` is 0 or equals `new`.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>, ProofError> {
        if old > new || new > self.size() {
            return Err(ProofError::Sizes { old, new });
        }
        if old == 0 || old == new {
            return Ok(Vec::new());
        }
        let (mut start, mut end) = (0, new);
        let mut whole = true;
        let mut proof = Vec::new();
        while old != end {
            let middle = start + split(end - start);
            if old <= middle {
                proof.push(self.range_hash(middle, end));
                end = middle;
            } else {
                proof.push(self.range_hash(start, middle));
                start = middle;
                whole = false;
            }
        }
        if !whole {
            proof.push(self.range_hash(start, end));
        }
        proof.reverse();
        Ok(proof)
    }

    /// MTH(D[start:end]) where `start` is a multiple of a power of two that is at least the width.
    fn range_hash(&self, start: u64, end: u64) -> Hash {
        let width = end - start;
        if width == 0 {
            return empty_root();
        }
        if width.is_power_of_two() {
            let level = width.trailing_zeros() as usize;
            return self.levels[level][(start >> level) as usize];
        }
        let middle = start + split(width);
        node_hash(
            &self.range_hash(start, middle),
            &self.range_hash(middle, end),
        )
    }
}

/// The largest power of two below `n`, for n > 1.
const fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// RFC 9162 2.1.3.2.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length(proof.len()));
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length(proof.len()));
    }
    if hash == *root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}

/// RFC 9162 2.1.4.2. From an empty tree nothing can be proved, so `old` = 0 is refused unless
/// both trees are empty.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Sizes { old, new });
    }
    if old == new {
        return match (proof.is_empty(), old_root == new_root) {
            (false, _) => Err(ProofError::Length(proof.len())),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    if old == 0 {
        return Err(ProofError::Sizes { old, new });
    }
    verify_subtree_consistency(0, old, new, old_root, new_root, proof)
}

/// A subtree `[start, end)` exists when `start` is a multiple of the power of two that is at least
/// its width.
fn is_subtree(start: u64, end: u64) -> bool {
    start < end
        && (end - start)
            .checked_next_power_of_two()
            .is_some_and(|width| start.is_multiple_of(width))
}

/// Inclusion of leaf `index` of the whole tree in the subtree `[start, end)` with this root.
pub fn verify_subtree_inclusion(
    leaf: &Hash,
    index: u64,
    start: u64,
    end: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if !is_subtree(start, end) {
        return Err(ProofError::Subtree { start, end });
    }
    if index < start || index >= end {
        return Err(ProofError::Index { index, size: end });
    }
    verify_inclusion(leaf, index - start, end - start, proof, root)
}

/// The subtree `[start, end)` with root `subtree_root` is part of the tree of `size` leaves.
/// Source: draft-ietf-plants-merkle-tree-certs, "verifying a subtree consistency proof".
pub fn verify_subtree_consistency(
    start: u64,
    end: u64,
    size: u64,
    subtree_root: &Hash,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if start == end && end <= size {
        return match (proof.is_empty(), *subtree_root == empty_root()) {
            (true, true) => Ok(()),
            (true, false) => Err(ProofError::OldRoot),
            (false, _) => Err(ProofError::Length(proof.len())),
        };
    }
    if !is_subtree(start, end) {
        return Err(ProofError::Subtree { start, end });
    }
    if end > size {
        return Err(ProofError::Sizes {
            old: end,
            new: size,
        });
    }
    walk_subtree(start, end, size, subtree_root, root, proof)
}

/// The hashes of a subtree proof in order; the subtree is known to exist and to fit.
fn walk_subtree(
    start: u64,
    end: u64,
    size: u64,
    subtree_root: &Hash,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    let (mut first, mut last, mut tree_last) = (start, end - 1, size - 1);
    let stop_at_even = last != tree_last;
    while first != last && !(stop_at_even && last & 1 == 0) {
        first >>= 1;
        last >>= 1;
        tree_last >>= 1;
    }
    let mut hashes = proof.iter();
    let seed = if first == last {
        Some(subtree_root)
    } else {
        hashes.next()
    };
    let Some(seed) = seed else {
        return Err(ProofError::Length(0));
    };
    let (mut old_hash, mut new_hash) = (*seed, *seed);
    for hash in hashes {
        if tree_last == 0 {
            return Err(ProofError::Length(proof.len()));
        }
        if last & 1 == 1 || last == tree_last {
            if first < last {
                old_hash = node_hash(hash, &old_hash);
            }
            new_hash = node_hash(hash, &new_hash);
            while last & 1 == 0 && last != 0 {
                first >>= 1;
                last >>= 1;
                tree_last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, hash);
        }
        first >>= 1;
        last >>= 1;
        tree_last >>= 1;
    }
    if tree_last != 0 {
        return Err(ProofError::Length(proof.len()));
    }
    if old_hash != *subtree_root {
        return Err(ProofError::OldRoot);
    }
    if new_hash == *root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}
