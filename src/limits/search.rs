//! Bounds of searches (SECURITY D6).

/// Accounts an account search looks at, beside those that its searcher follows or that live here.
pub const ACCOUNTS_SEARCHED: usize = 400;
/// Index rows an account search looks through for those: two milliseconds.
pub const ACCOUNT_WORDS_SEARCHED: usize = 20_000;
/// Accounts of these of which each is looked up whether its searcher knows it; of more, all whom they know are listed.
pub const ACCOUNTS_LOOKED_UP: usize = 2_000;
/// Bytes of a search text.
pub const SEARCH_TEXT_BYTES_MAX: usize = 2_048;
/// Words of a search text that are looked for.
pub const SEARCH_WORDS_MAX: usize = 8;
/// Hashtags looked at in a search of somebody who is signed in.
pub const SEARCHED_TAGS_MAX: usize = 400;
/// The same of a guest: with `SEARCHED_TAG_STATUSES` a thousand statuses looked at for one request.
pub const SEARCHED_TAGS_GUEST_MAX: usize = 100;
/// The newest statuses with a hashtag of which one must be visible to whoever it is suggested to.
pub const SEARCHED_TAG_STATUSES: usize = 10;
/// Searches that one account keeps.
pub const SAVED_SEARCHES_MAX: usize = 40;
/// Characters of what such a search is called.
pub const SAVED_SEARCH_NAME_CHARS_MAX: usize = 80;
/// Bytes of its text.
pub const SAVED_SEARCH_BYTES_MAX: usize = 1_024;
/// Results of each kind in a search: what is given unasked, and at most.
pub const SEARCH_PAGE: (usize, usize) = (20, 40);
/// Conditions of a search text: words, phrases, operators.
pub const SEARCH_CONDITIONS: usize = 32;
/// Statuses the search index is asked for at a time.
pub const SEARCH_STEP: usize = 100;
/// Statuses proposed by the search index that are looked at for one search, shown or not.
pub const SEARCH_EXAMINED: usize = 1_000;
/// Statuses of each kind (favourited, bookmarked, shared, reacted to) that a search counts as touched by its viewer at
/// once; the newest, of shares those of the newest statuses. Older ones but bookmarks stand in the index.
pub const SEARCH_TOUCHED: usize = 2_000;
/// Statuses proposed by the search index that are held against older bookmarks, for whoever has more than
/// `SEARCH_TOUCHED`: a row to look for each.
pub const SEARCH_BEYOND: usize = 2_000;
/// Bookmarks behind the newest `SEARCH_TOUCHED` that are all looked for, where more than `SEARCH_BEYOND` statuses match; the
/// newest. Beyond these one may be missed.
pub const SEARCH_OLDER_BOOKMARKS: usize = 10_000;
/// People somebody mutes, and as many they block, whose statuses the search index does not propose to them.
pub const SEARCH_UNWANTED: usize = 2_000;
/// People who favourited, reacted to or voted on a status, of each kind, among whom those of this server are looked for to
/// be indexed with it: of favourites the newest, of votes those of the oldest accounts, of reactions those of the emoji first
/// by name. Of shares `SEARCH_SHARERS` are.
pub const SEARCH_SEEN_ROWS: usize = 1_000;
/// Answers to a status whose authors count as having seen it; the newest.
pub const SEARCH_SEEN_ANSWERS: usize = 200;
/// People who shared a status by whose followers it is found, and among whom those of this server are looked for; the
/// newest.
pub const SEARCH_SHARERS: usize = 200;
/// Own statuses looked through for answers to others.
pub const SEARCH_OWN_SCANNED: usize = 2_000;
/// Own answers whose parents count as touched; the newest, each is a row to read.
pub const SEARCH_ANSWERS: usize = 500;
