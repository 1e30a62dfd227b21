//! Data keys and what is derived from them. Nothing outside this module sees one, but for the moment
//! in which the agent carries it to the vault and back in a [`Secret`].
//!
//! A data key is 32 random bytes. HKDF-SHA-256 (RFC 5869; salt `muster store 1`) makes a subkey of it
//! for each purpose, by the purpose's label as `info`: `seal` for AES-256-GCM, and the labels of
//! `Hashed` for HMAC-SHA-256. Subkeys are made and held inside *ring*, so their bytes never pass
//! through our hands; the data key itself is wiped as soon as they are made.
//!
//! Nonces are random. NIST SP 800-38D §8.3 allows 2^32 of them for a key, so seals are counted. The
//! count is durable but in steps: a transaction that seals takes `SEALS_RESERVED` at once, and what
//! a process did not use is lost. A file that is only read is not written for the count's sake.
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::{hkdf, hmac};
use zeroize::Zeroizing;

use super::StoreError;
use super::sealed::{FORMAT, HEADER_BYTES, NONCE_BYTES, Place, SealedError, TAG_BYTES};
use crate::limits;
use crate::random::Random;
use crate::secret::Secret;

/// Bytes of a data key.
pub const DATA_KEY_BYTES: usize = 32;
/// Bytes of a keyed hash, truncated from 32.
pub(crate) const HASH_BYTES: usize = 16;
/// Seals counted in advance.
const SEALS_RESERVED: u64 = 4096;
const SALT: &[u8] = b"muster store 1";

/// A keyed hash: equal input in the same file gives equal output, and without the key neither can be
/// guessed from the other.
pub(crate) type KeyedHash = [u8; HASH_BYTES];

/// A fresh data key, to be wrapped by the vault and handed to the store.
pub fn new_data_key(random: &mut dyn Random) -> Secret<Vec<u8>> {
    let mut key = vec![0; DATA_KEY_BYTES];
    random.fill(&mut key);
    Secret::new(key)
}

/// The number of a data key within its file, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct KeyNumber(pub u32);

/// A data key as it lies in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrappedKey {
    /// Its number.
    pub number: KeyNumber,
    /// [`crate::vault::Alias::number`] of the key that wrapped it.
    pub wrapping: u32,
    /// What the vault's `Unwrap` wants.
    pub wrapped: Vec<u8>,
}

/// What a keyed hash is of. Each has a subkey of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hashed {
    /// A contact's href.
    Href,
    /// A contact's ETag.
    Etag,
    /// All that is stored of a contact, to notice a change.
    Content,
    /// A key of the caller index.
    Caller,
    /// The identity of an address book.
    Source,
    /// The `jti` of an event or command.
    Jti,
    /// The id of an effect.
    Effect,
}

impl Hashed {
    const ALL: [(Hashed, &'static [u8]); 7] = [
        (Hashed::Href, b"href"),
        (Hashed::Etag, b"etag"),
        (Hashed::Content, b"content"),
        (Hashed::Caller, b"caller"),
        (Hashed::Source, b"source"),
        (Hashed::Jti, b"jti"),
        (Hashed::Effect, b"effect"),
    ];
}

struct Subkeys {
    seal: LessSafeKey,
    hash: [hmac::Key; Hashed::ALL.len()],
}

impl Subkeys {
    fn derive(data_key: &Secret<Vec<u8>>) -> Result<Self, StoreError> {
        if data_key.expose().len() != DATA_KEY_BYTES {
            return Err(StoreError::WrongKey);
        }
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT).extract(data_key.expose());
        // Expanding fails only for outputs beyond 255 hashes.
        let seal = root.expand(&[b"seal"], &AES_256_GCM).map_err(|_| StoreError::WrongKey)?;
        let hash = Hashed::ALL
            .map(|(_, label)| root.expand(&[label], hmac::HMAC_SHA256).map(hmac::Key::from));
        let [a, b, c, d, e, f, g] = hash;
        let keys = (|| Ok([a?, b?, c?, d?, e?, f?, g?]))();
        let hash = keys.map_err(|_: ring::error::Unspecified| StoreError::WrongKey)?;
        Ok(Self { seal: LessSafeKey::new(UnboundKey::from(seal)), hash })
    }
}

/// Opens sealed values and hashes names; shared with readers.
pub(crate) struct Opener {
    tenant: Vec<u8>,
    generation: u32,
    keys: BTreeMap<KeyNumber, Arc<Subkeys>>,
}

impl Opener {
    /// For the file `generation` of `tenant`.
    pub(crate) fn new(
        tenant: &str,
        generation: u32,
        keys: &[(KeyNumber, Secret<Vec<u8>>)],
    ) -> Result<Self, StoreError> {
        let derive = |(number, key): &(KeyNumber, Secret<Vec<u8>>)| {
            Ok((*number, Arc::new(Subkeys::derive(key)?)))
        };
        let keys: BTreeMap<_, _> = keys.iter().map(derive).collect::<Result<_, StoreError>>()?;
        if keys.is_empty() {
            return Err(StoreError::Locked);
        }
        Ok(Self { tenant: tenant.as_bytes().to_vec(), generation, keys })
    }

    /// The same keys for another tenant.
    pub(crate) fn for_tenant(&self, tenant: &str) -> Self {
        Self {
            tenant: tenant.as_bytes().to_vec(),
            generation: self.generation,
            keys: self.keys.clone(),
        }
    }

    /// Opens `sealed` where it lies and gives the part of it that is the plaintext.
    pub(crate) fn open_in_place<'b>(
        &self,
        place: &Place<'_>,
        sealed: &'b mut [u8],
    ) -> Result<&'b mut [u8], SealedError> {
        let (number, nonce) = super::sealed::read_header(sealed)?;
        let keys = self.keys.get(&KeyNumber(number)).ok_or(SealedError::Key(number))?;
        let aad = Aad::from(place.associated_data(&self.tenant, self.generation));
        let nonce = Nonce::assume_unique_for_key(nonce);
        keys.seal
            .open_within(nonce, aad, sealed, HEADER_BYTES..)
            .map_err(|_| SealedError::MovedOrDamaged)
    }

    /// Opens `sealed` into a buffer that is wiped when dropped.
    pub(crate) fn open(
        &self,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealedError> {
        let mut buffer = Zeroizing::new(sealed.to_vec());
        let length = self.open_in_place(place, &mut buffer)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }

    /// The keyed hash of `parts`, each with its length. The file's first data key makes it, for good:
    /// another would make old rows impossible to find.
    pub(crate) fn hash(&self, what: Hashed, parts: &[&[u8]]) -> KeyedHash {
        let mut out = [0; HASH_BYTES];
        if let Some(keys) = self.keys.values().next() {
            let mut context = hmac::Context::with_key(&keys.hash[what as usize]);
            for part in parts {
                context.update(&(part.len() as u64).to_be_bytes());
                context.update(part);
            }
            out.copy_from_slice(&context.sign().as_ref()[..HASH_BYTES]);
        }
        out
    }
}

impl std::fmt::Debug for Opener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opener")
    }
}

/// Seals values with the file's newest data key and counts.
pub(crate) struct Sealer {
    opener: Arc<Opener>,
    used: u64,
    reserved: u64,
}

impl Sealer {
    /// `counted` seals of the newest key are on record.
    pub(crate) fn new(opener: Arc<Opener>, counted: u64) -> Self {
        Self { opener, used: counted, reserved: counted }
    }

    /// What opens the values.
    pub(crate) fn opener(&self) -> &Arc<Opener> {
        &self.opener
    }

    /// Goes on with another opener: another tenant.
    pub(crate) fn set_opener(&mut self, opener: Arc<Opener>) {
        self.opener = opener;
    }

    /// The number of the key that seals.
    pub(crate) fn number(&self) -> KeyNumber {
        self.opener.keys.keys().next_back().copied().unwrap_or(KeyNumber(0))
    }

    /// How many seals are on record.
    pub(crate) fn reserved(&self) -> u64 {
        self.reserved
    }

    /// The record says `reserved`, because a transaction was rolled back. What was used stays used.
    pub(crate) fn set_reserved(&mut self, reserved: u64) {
        self.reserved = reserved;
    }

    /// Whether the newest key has sealed as often as it may.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.used >= limits::SEALS_PER_KEY
    }

    /// The count to put on record before the next seal, if it is not covered yet.
    pub(crate) fn reserve(&mut self) -> Result<Option<u64>, StoreError> {
        if self.is_exhausted() {
            return Err(StoreError::KeyExhausted);
        }
        if self.used < self.reserved {
            return Ok(None);
        }
        self.reserved = (self.used + SEALS_RESERVED).min(limits::SEALS_PER_KEY);
        Ok(Some(self.reserved))
    }

    /// Seals the joined `parts` for `place` into `out`, replacing what was there.
    pub(crate) fn seal(
        &mut self,
        place: &Place<'_>,
        parts: &[&[u8]],
        nonces: &mut Nonces,
        out: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        if self.used >= self.reserved {
            return Err(StoreError::KeyExhausted);
        }
        self.used += 1;
        let (number, keys) = self.opener.keys.last_key_value().ok_or(StoreError::Locked)?;
        let nonce = nonces.next();
        out.clear();
        out.push(FORMAT);
        out.extend_from_slice(&number.0.to_be_bytes());
        out.extend_from_slice(&nonce);
        for part in parts {
            out.extend_from_slice(part);
        }
        let aad = Aad::from(place.associated_data(&self.opener.tenant, self.opener.generation));
        let nonce = Nonce::assume_unique_for_key(nonce);
        // Fails only beyond 64 GB.
        let tag = keys
            .seal
            .seal_in_place_separate_tag(nonce, aad, &mut out[HEADER_BYTES..])
            .map_err(|_| StoreError::Form)?;
        debug_assert_eq!(tag.as_ref().len(), TAG_BYTES);
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }
}

/// Random nonces, drawn from the injected source some at a time: on a phone each draw is a system
/// call.
pub(crate) struct Nonces {
    random: Box<dyn Random>,
    drawn: [u8; NONCE_BYTES * 32],
    used: usize,
}

impl Nonces {
    /// Nonces from `random`.
    pub(crate) fn new(random: Box<dyn Random>) -> Self {
        let drawn = [0; NONCE_BYTES * 32];
        Self { random, used: drawn.len(), drawn }
    }

    fn next(&mut self) -> [u8; NONCE_BYTES] {
        if self.used == self.drawn.len() {
            self.random.fill(&mut self.drawn);
            self.used = 0;
        }
        let mut nonce = [0; NONCE_BYTES];
        nonce.copy_from_slice(&self.drawn[self.used..self.used + NONCE_BYTES]);
        self.used += NONCE_BYTES;
        nonce
    }

    /// Random bytes for something else than a nonce.
    pub(crate) fn fill(&mut self, out: &mut [u8]) {
        self.random.fill(out);
    }
}

/// The place where a writer and its readers find the keys, and where a lock takes them away from all
/// of them at once.
#[derive(Clone, Default)]
pub(crate) struct KeySlot {
    inner: Arc<Slot>,
}

#[derive(Default)]
struct Slot {
    keys: Mutex<Option<Arc<Opener>>>,
    /// Grows with each change, so that a read that began before notices.
    epoch: AtomicU64,
}

impl KeySlot {
    /// Sets the keys, or takes them away.
    pub(crate) fn set(&self, keys: Option<Arc<Opener>>) {
        *self.inner.keys.lock().unwrap_or_else(PoisonError::into_inner) = keys;
        self.inner.epoch.fetch_add(1, Ordering::AcqRel);
    }

    /// The keys for one read.
    pub(crate) fn borrow(&self) -> Result<Borrowed<'_>, StoreError> {
        let epoch = self.inner.epoch.load(Ordering::Acquire);
        let keys = self.inner.keys.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Borrowed { slot: &self.inner, epoch, opener: keys.ok_or(StoreError::Locked)? })
    }
}

/// Keys lent for one read.
pub(crate) struct Borrowed<'a> {
    slot: &'a Slot,
    epoch: u64,
    pub(crate) opener: Arc<Opener>,
}

impl Borrowed<'_> {
    /// Whether the store was neither locked nor erased since the read began.
    pub(crate) fn still_valid(&self) -> Result<(), StoreError> {
        let valid = self.slot.epoch.load(Ordering::Acquire) == self.epoch;
        if valid { Ok(()) } else { Err(StoreError::Locked) }
    }
}
