//! Passwords: argon2id hashes, one-time passwords, and equal time for people who do not exist.
//!
//! Parameters are the crate's defaults (19 MiB, 2 passes, 1 lane), the OWASP minimum for argon2id.
//! At most [`AT_ONCE`] hashes run at a time, so a flood of sign-ins cannot take all memory.

use crate::Random;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use tokio::sync::Semaphore;

/// Hashes computed at the same time.
pub const AT_ONCE: usize = 2;
pub const CHARS_MIN: usize = 12;
pub const CHARS_MAX: usize = 200;

static HASHING: Semaphore = Semaphore::const_new(AT_ONCE);

/// A hash nobody's password has; verified for unknown e-mails so that they take the same time.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$YmFja2xvdC1ub2JvZHk\
                      $MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";

#[derive(Debug, thiserror::Error)]
#[error("failed to hash a password")]
pub struct HashFailed;

/// Argon2id PHC string of a password, with a fresh salt of 16 bytes.
pub async fn hash(random: &dyn Random, password: &str) -> Result<String, HashFailed> {
    let mut salt = [0u8; 16];
    random.fill(&mut salt);
    let password = password.to_owned();
    let _turn = HASHING.acquire().await.map_err(|_| HashFailed)?;
    tokio::task::spawn_blocking(move || {
        let hash: PasswordHash = Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|_| HashFailed)?;
        Ok(hash.to_string())
    })
    .await
    .map_err(|_| HashFailed)?
}

/// Whether the password belongs to the hash; `None` spends the same time and is always false.
pub async fn verify(stored: Option<&str>, password: &str) -> Result<bool, HashFailed> {
    let known = stored.is_some();
    let stored = stored.unwrap_or(NOBODY).to_owned();
    let password: String = password.chars().take(CHARS_MAX + 1).collect();
    let _turn = HASHING.acquire().await.map_err(|_| HashFailed)?;
    tokio::task::spawn_blocking(move || {
        let parsed = PasswordHash::new(&stored).map_err(|_| HashFailed)?;
        let right = Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok();
        Ok(right && known)
    })
    .await
    .map_err(|_| HashFailed)?
}

/// A password to be read aloud: 4 groups of 5 from 31 letters and digits that look different,
/// 99 bits.
pub fn one_time(random: &dyn Random) -> String {
    const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let mut letters = Vec::with_capacity(20);
    while letters.len() < 20 {
        let mut bytes = [0u8; 32];
        random.fill(&mut bytes);
        // 248 = 8 * 31: larger bytes would make the first letters more likely.
        let fair = bytes.iter().filter(|byte| **byte < 248);
        letters.extend(fair.map(|byte| char::from(ALPHABET[usize::from(*byte % 31)])));
    }
    letters.truncate(20);
    let groups: Vec<String> = letters
        .chunks(5)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// 12 to 200 characters.
pub fn acceptable(password: &str) -> bool {
    (CHARS_MIN..=CHARS_MAX).contains(&password.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);
    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(97, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[tokio::test]
    async fn a_hash_verifies_its_password_only() {
        let random = Counting(7.into());
        let stored = hash(&random, "correct horse battery").await.unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        assert!(
            verify(Some(&stored), "correct horse battery")
                .await
                .unwrap()
        );
        assert!(!verify(Some(&stored), "correct horse batter").await.unwrap());
        assert!(!verify(None, "correct horse battery").await.unwrap());
        let again = hash(&random, "correct horse battery").await.unwrap();
        assert_ne!(stored, again, "each hash has its own salt");
    }

    #[test]
    fn one_time_passwords_are_long_and_readable() {
        let word = one_time(&Counting(1.into()));
        assert_eq!(word.len(), 23);
        assert!(acceptable(&word));
        assert!(!word.contains(['0', 'o', '1', 'l', 'i']), "{word}");
    }
}
