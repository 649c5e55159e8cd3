//! What a user of a test is made of.

use dassie::user::{NewUser, Username};
use storage::{account::SigningKeys, user::Role};

/// Somebody without an address, who signs in with no password.
pub(crate) fn new_user(name: &str, role: Role, keys: SigningKeys) -> NewUser {
    NewUser {
        username: Username::parse(name).expect("a name"),
        email: String::new(),
        password_hash: "!".to_owned(),
        role,
        keys,
        locale: "en".to_owned(),
        created_by: None,
    }
}
