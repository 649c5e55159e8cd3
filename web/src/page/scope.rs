//! What an application asks for, in words of everyday (client API, OAuth scopes).

/// What a scope allows.
pub(super) struct Meaning {
    /// The message that says it.
    pub(super) key: &'static str,
    /// Whoever holds it can act in one's name or over others.
    pub(super) weighty: bool,
}

/// The meaning of a scope.
pub(super) fn meaning(scope: &str) -> Meaning {
    let key = match scope {
        "profile" => "scope-profile",
        "read" => "scope-read",
        "write" => "scope-write",
        "follow" => "scope-follow",
        "push" => "scope-push",
        "read:accounts" => "scope-read-accounts",
        "read:blocks" => "scope-read-blocks",
        "read:bookmarks" => "scope-read-bookmarks",
        "read:collections" => "scope-read-collections",
        "read:favourites" => "scope-read-favourites",
        "read:filters" => "scope-read-filters",
        "read:follows" => "scope-read-follows",
        "read:lists" => "scope-read-lists",
        "read:mutes" => "scope-read-mutes",
        "read:notifications" => "scope-read-notifications",
        "read:search" => "scope-read-search",
        "read:statuses" => "scope-read-statuses",
        "write:accounts" => "scope-write-accounts",
        "write:blocks" => "scope-write-blocks",
        "write:bookmarks" => "scope-write-bookmarks",
        "write:collections" => "scope-write-collections",
        "write:conversations" => "scope-write-conversations",
        "write:favourites" => "scope-write-favourites",
        "write:filters" => "scope-write-filters",
        "write:follows" => "scope-write-follows",
        "write:lists" => "scope-write-lists",
        "write:media" => "scope-write-media",
        "write:mutes" => "scope-write-mutes",
        "write:notifications" => "scope-write-notifications",
        "write:reports" => "scope-write-reports",
        "write:statuses" => "scope-write-statuses",
        "admin:read" => "scope-admin-read",
        "admin:write" => "scope-admin-write",
        "admin:read:accounts" | "admin:write:accounts" => "scope-admin-accounts",
        "admin:read:reports" | "admin:write:reports" => "scope-admin-reports",
        "admin:read:domain_allows" | "admin:write:domain_allows" => "scope-admin-allows",
        "admin:read:domain_blocks" | "admin:write:domain_blocks" => "scope-admin-blocks",
        "admin:read:ip_blocks" | "admin:write:ip_blocks" => "scope-admin-networks",
        "admin:read:canonical_email_blocks" | "admin:write:canonical_email_blocks" => "scope-admin-addresses",
        "admin:read:email_domain_blocks" | "admin:write:email_domain_blocks" => "scope-admin-providers",
        _ => "scope-unknown",
    };
    let weighty = scope.starts_with("admin:") || matches!(scope, "write" | "write:statuses" | "write:accounts");
    Meaning { key, weighty }
}
