//! What an application asks for, in words of everyday (client API, OAuth scopes).

/// What a scope allows.
pub(super) struct Meaning {
    pub(super) words: &'static str,
    /// Whoever holds it can act in one's name or over others.
    pub(super) weighty: bool,
}

/// The meaning of a scope.
pub(super) fn meaning(scope: &str) -> Meaning {
    let words = match scope {
        "profile" => "See who you are: your name and picture",
        "read" => "Read everything you can read, private posts too",
        "write" => "Post, edit, delete and react in your name, and change your profile",
        "follow" => "Follow, mute and block people for you",
        "push" => "Send your notifications to this device",
        "read:accounts" => "See profiles, yours included",
        "read:blocks" => "See whom you block",
        "read:bookmarks" => "See your bookmarks",
        "read:collections" => "See your collections",
        "read:favourites" => "See your favourites",
        "read:filters" => "See your filters",
        "read:follows" => "See whom you follow",
        "read:lists" => "See your lists",
        "read:mutes" => "See whom you mute",
        "read:notifications" => "See your notifications",
        "read:search" => "Search for you",
        "read:statuses" => "Read all posts you can read, private ones too",
        "write:accounts" => "Change your profile",
        "write:blocks" => "Block and unblock people and servers",
        "write:bookmarks" => "Add and remove bookmarks",
        "write:collections" => "Change your collections",
        "write:conversations" => "Mute and delete conversations",
        "write:favourites" => "Favourite posts in your name",
        "write:filters" => "Change your filters",
        "write:follows" => "Follow and unfollow people for you",
        "write:lists" => "Change your lists",
        "write:media" => "Upload pictures and recordings",
        "write:mutes" => "Mute people and conversations",
        "write:notifications" => "Clear your notifications",
        "write:reports" => "Report people in your name",
        "write:statuses" => "Post, edit and delete in your name",
        "admin:read" => "See everything that administrators see",
        "admin:write" => "Act as an administrator",
        "admin:read:accounts" | "admin:write:accounts" => {
            "Administrate accounts, with their e-mail and network addresses"
        }
        "admin:read:reports" | "admin:write:reports" => "Administrate reports",
        "admin:read:domain_allows" | "admin:write:domain_allows" => "Administrate the list of allowed servers",
        "admin:read:domain_blocks" | "admin:write:domain_blocks" => "Administrate the list of blocked servers",
        "admin:read:ip_blocks" | "admin:write:ip_blocks" => "Administrate blocked network addresses",
        "admin:read:canonical_email_blocks" | "admin:write:canonical_email_blocks" => {
            "Administrate blocked e-mail addresses"
        }
        "admin:read:email_domain_blocks" | "admin:write:email_domain_blocks" => "Administrate blocked e-mail providers",
        _ => "Do something this server has no words for",
    };
    let weighty = scope.starts_with("admin:") || matches!(scope, "write" | "write:statuses" | "write:accounts");
    Meaning { words, weighty }
}
