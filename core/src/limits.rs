//! Every limit in one place, each with its reason. Over a limit there is a typed error that names
//! it, and nothing is half-applied.

/// Bytes of one managed configuration tree, counting keys and strings. MDM consoles stop at 32 KB
/// or so; beyond this it is not a configuration.
pub const CONFIG_TREE_BYTES: usize = 256 * 1024;
/// Nesting of a managed configuration tree. Google Play allows two levels.
pub const CONFIG_DEPTH: usize = 8;
/// Keys in a managed configuration tree, all levels together.
pub const CONFIG_KEYS: usize = 1_000;
/// Bytes of one string value in a managed configuration.
pub const CONFIG_STRING_BYTES: usize = 64 * 1024;
/// Items of one list in a managed configuration, and contact sources. Nobody types more.
pub const CONFIG_LIST_ITEMS: usize = 200;
/// Keyed app states published at once; the AndroidX protocol keeps as many for a late receiver.
pub const FEEDBACK_STATES: usize = 100;
/// Characters of a keyed app state's key (AndroidX enterprise feedback: 100).
pub const FEEDBACK_KEY_CHARS: usize = 100;
/// Characters of a keyed app state's message and data (AndroidX enterprise feedback: 1,000).
pub const FEEDBACK_TEXT_CHARS: usize = 1_000;
/// Bytes of an activation link.
pub const LINK_BYTES: usize = 2 * 1024;
/// Bytes of an answer from an OAuth endpoint (RFC 6749, RFC 8414), the status endpoint included.
pub const OAUTH_ANSWER_BYTES: usize = 64 * 1024;
/// Bytes of a signed policy.
pub const POLICY_BYTES: usize = 1024 * 1024;
/// Element depth of an XML answer. rxml has no limit of its own, and its cost grows with the square
/// of the depth.
pub const XML_DEPTH: usize = 64;
/// Bytes of any text in an XML answer but a card: addresses, tokens, names.
pub const XML_TEXT_BYTES: usize = 16 * 1024;
/// Bytes of one vCard, photo included.
pub const CARD_BYTES: usize = 1024 * 1024;
/// Contacts in one address book.
pub const BOOK_CARDS: usize = 500_000;
/// Bytes of one contact photo after decoding; larger ones are dropped and counted.
pub const PHOTO_BYTES: usize = 512 * 1024;
/// Header fields of an answer.
pub const HEADER_COUNT: usize = 100;
/// Bytes of all header fields of an answer together.
pub const HEADER_BYTES: usize = 64 * 1024;
/// Redirects followed in CardDAV discovery. Nothing else is ever redirected.
pub const REDIRECTS: usize = 5;
/// Bytes a shell hands over at once in `on_body`, so that a long answer is never whole in memory.
pub const BODY_CHUNK_BYTES: usize = 64 * 1024;
/// Rows written in one transaction of a contacts sync: no call holds the agent longer than 50 ms on
/// a slow phone.
pub const SYNC_BATCH_ROWS: usize = 500;
/// Bytes of a member's address.
pub const HREF_BYTES: usize = 8 * 1024;
/// Hrefs asked for in one `addressbook-multiget`.
pub const MULTIGET_HREFS: usize = 80;
/// Search results.
pub const SEARCH_RESULTS: usize = 50;
/// Characters of a query that are read. Nobody types more; somebody pastes more.
pub const SEARCH_QUERY_CHARS: usize = 200;
/// Words of a query that are read.
pub const SEARCH_WORDS: usize = 12;
/// Bytes of each field of a contact that are searched: a name of a megabyte is no name.
pub const SEARCH_FIELD_BYTES: usize = 256;
/// E-mail addresses and phone numbers of one contact that are searched.
pub const SEARCH_VALUES: usize = 64;
/// Contacts looked at for one caller: a switchboard's number can be on thousands of cards.
pub const CALLER_CONTACTS: usize = 20;
/// Contacts in a part of the search index that is merged during a sync: some 10 ms of work on a slow
/// phone, far below what one call may take.
pub const SEARCH_MERGE_CONTACTS: usize = 8_192;
/// Events kept in the outbox; beyond it the oldest unimportant go first.
pub const OUTBOX_EVENTS: usize = 1_000;
/// Bytes of claims kept in the outbox.
pub const OUTBOX_BYTES: usize = 4 * 1024 * 1024;
/// Sent reports kept so that the person can read them.
pub const SENT_HISTORY: usize = 200;
/// Seals with one data key. NIST SP 800-38D §8.3 allows 2^32 with random 96-bit nonces.
pub const SEALS_PER_KEY: u64 = 1 << 32;
/// Finished commands remembered, so that none is carried out twice. A signed policy carries few, and
/// its sequence number keeps older ones out.
pub const COMMANDS_KEPT: usize = 1_000;
/// Rules in one policy. A company writes a dozen; beyond this a policy is not one.
pub const POLICY_RULES: usize = 200;
/// Characters of a rule's id: it becomes part of findings and reports.
pub const RULE_ID_CHARS: usize = 64;
/// Characters kept of a reason that an admin wrote: what fits on a phone's screen.
pub const REASON_CHARS: usize = 500;
/// Seconds of grace of one rule: a year. Longer is a rule that nobody means.
pub const GRACE_SECONDS: u32 = 365 * 24 * 3600;
/// Days of patch age that a rule can ask for: ten years, older than any phone that runs this.
pub const PATCH_AGE_DAYS: u32 = 3_650;
/// Bytes of a token, code or session name from the server. Longer ones would not fit a header field
/// of ordinary web servers.
pub const TOKEN_BYTES: usize = 8 * 1024;
/// Bytes of a DPoP nonce (RFC 9449 §8). Servers use some dozens.
pub const DPOP_NONCE_BYTES: usize = 1024;
/// Origins of which a DPoP nonce is remembered: the server's and its address books'.
pub const DPOP_NONCE_ORIGINS: usize = 32;
/// Keys in one JWK Set: a server may publish those of all its tenants in one.
pub const KEY_SET_KEYS: usize = 500;
/// Successor sets in `next_keys`: more than four years of monthly rotation.
pub const POLICY_KEY_CHAIN: usize = 50;
/// Seconds from `iat` to `exp` of a signed status. It answers one question and is never kept.
pub const STATUS_WINDOW_S: i64 = 300;
/// Shortest pause before a failed request is tried again, in milliseconds.
pub const BACKOFF_MIN_MS: i64 = 1_000;
/// Longest pause the agent chooses by itself, in milliseconds (6 h).
pub const BACKOFF_MAX_MS: i64 = 6 * 60 * 60 * 1_000;
/// Longest `Retry-After` that is obeyed, in seconds (a day): a mistyped one must not silence a phone.
pub const RETRY_AFTER_MAX_S: i64 = 24 * 60 * 60;
/// Address books in one policy.
pub const POLICY_BOOKS: usize = 100;
/// Commands in one policy.
pub const POLICY_COMMANDS: usize = 100;
/// Seconds that a phone goes on without its server, at most (90 days, as the setting allows).
pub const OFFLINE_GRACE_MAX_S: i64 = 90 * 24 * 3600;
/// Seconds between two policy checks, at least (15 min).
pub const NEXT_CHECK_MIN_S: i64 = 900;
/// Seconds between two policy checks, at most (7 days).
pub const NEXT_CHECK_MAX_S: i64 = 604_800;
