//! Lists as the client API shows them (client API, List).

use crate::list::policy_name;
use storage::{RowId, list::List as Record};
use web::entity::List;

/// A list of its owner.
#[must_use]
pub fn list((id, list): &(RowId, Record)) -> List {
    List {
        id: id.to_string(),
        title: list.title.clone(),
        replies_policy: policy_name(list.replies_policy),
        exclusive: list.exclusive,
    }
}
