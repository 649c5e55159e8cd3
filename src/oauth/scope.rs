//! Which scopes there are (client API, OAuth scopes).

use crate::{
    error::{Error, Result},
    http::Scopes,
    limits,
};

/// Every scope an application may ask for, broad ones first.
pub(super) const ALL: [&str; 47] = [
    "profile",
    "read",
    "write",
    "follow",
    "push",
    "admin:read",
    "admin:write",
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:collections",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write:accounts",
    "write:blocks",
    "write:bookmarks",
    "write:collections",
    "write:conversations",
    "write:favourites",
    "write:filters",
    "write:follows",
    "write:lists",
    "write:media",
    "write:mutes",
    "write:notifications",
    "write:reports",
    "write:statuses",
    "admin:read:accounts",
    "admin:read:reports",
    "admin:read:domain_allows",
    "admin:read:domain_blocks",
    "admin:read:ip_blocks",
    "admin:read:email_domain_blocks",
    "admin:read:canonical_email_blocks",
    "admin:write:accounts",
    "admin:write:reports",
    "admin:write:domain_allows",
    "admin:write:domain_blocks",
    "admin:write:ip_blocks",
    "admin:write:email_domain_blocks",
    "admin:write:canonical_email_blocks",
];

/// What is meant when nothing is asked for.
pub(super) const DEFAULT: &str = "read";

/// Reads scopes; nothing means the default.
///
/// # Errors
/// `Invalid` for one that does not exist, or too many.
pub(super) fn parse(text: Option<&str>) -> Result<Scopes> {
    let scopes = Scopes::parse(text.filter(|text| !text.trim().is_empty()).unwrap_or(DEFAULT));
    if scopes.as_slice().len() > limits::SCOPES {
        return Err(Error::invalid("scopes", format!("scopes are more than {}", limits::SCOPES)));
    }
    match scopes.as_slice().iter().find(|scope| !ALL.contains(&scope.as_str())) {
        Some(unknown) => Err(Error::invalid("scopes", format!("scope {unknown:?} does not exist"))),
        None => Ok(scopes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_asked_is_read_and_unknown_is_refused() {
        assert_eq!(parse(None).expect("default").to_string(), "read");
        assert_eq!(parse(Some(" ")).expect("default").to_string(), "read");
        assert_eq!(parse(Some("read write follow push")).expect("known").to_string(), "read write follow push");
        assert!(parse(Some("read everything")).is_err());
    }
}
