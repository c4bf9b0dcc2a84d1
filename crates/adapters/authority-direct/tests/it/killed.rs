//! kill -9 of a real process that submits, again and again: no receipt is ever lost.

use crate::desk::{assert_proven, at, checkpoint, leaf, open};
use backlot_ports::authorities::{Authorities, Consistency};
use backlot_register::leaf_hash;
use backlot_register::merkle::verify_consistency;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

const DIR: &str = "BACKLOT_TEST_LEDGER";

/// Not a test of its own: the child of the one below, when the variable is set.
#[test]
fn child_that_submits_until_it_is_killed() {
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    let ledger = open(dir.as_ref());
    let start = ledger.status().unwrap().size;
    for number in start.. {
        let receipt = ledger.submit(&leaf(number), at(0)).unwrap();
        let size = checkpoint(&receipt.checkpoint).size;
        let root = receipt.checkpoint.lines().nth(2).unwrap_or_default();
        println!("receipt {number} {} {size} {root}", receipt.index);
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn no_receipt_is_lost_by_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    let mut receipts: Vec<(u64, u64, u64, String)> = Vec::new();
    for round in 0..12_usize {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "killed::child_that_submits_until_it_is_killed",
                "--exact",
                "--nocapture",
            ])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut wanted = 1 + round * 3;
        for line in lines.map_while(Result::ok) {
            let Some((_, line)) = line.split_once("receipt ") else {
                continue;
            };
            let words: Vec<&str> = line.split(' ').collect();
            let number = |at: usize| words[at].parse::<u64>().unwrap();
            receipts.push((number(0), number(1), number(2), words[3].to_owned()));
            wanted -= 1;
            if wanted == 0 {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let ledger = open(dir.path());
    let status = ledger.status().unwrap();
    assert_eq!(status.size, status.signed_size);
    assert!(receipts.len() >= 12 && status.size >= receipts.len() as u64);
    for (number, index, size, root) in &receipts {
        assert_eq!(
            ledger.find(&leaf_hash(&leaf(*number))).unwrap(),
            Some(*index)
        );
        let Consistency {
            old_root,
            new_size,
            new_root,
            hashes,
            ..
        } = ledger.consistency(*size).unwrap();
        assert_eq!(backlot_register::text::base64_encode(&old_root), *root);
        assert_eq!(
            verify_consistency(*size, new_size, &old_root, &new_root, &hashes),
            Ok(())
        );
        assert_proven(&ledger, *index, &leaf(*number));
    }
    println!(
        "{} receipts over 12 kills, {} entries",
        receipts.len(),
        status.size
    );
}
