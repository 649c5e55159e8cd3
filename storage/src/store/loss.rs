//! A loss that was accepted. What the engine holds then is all there is: it becomes a base snapshot, the log begins anew
//! behind it, and so does a line of history, because what others have of this store may say more than it does.

use super::{Options, history::another_line};
use crate::{
    base,
    engine::Engine,
    error::{Error, Result},
    id::Lsn,
    log::recovery::Recovered,
};

/// Begins anew behind `last`, the highest number that was given out; answers the one behind which the log begins.
///
/// The base is durable before the log is cut, which the header of its next segment does: until then the log ends where it
/// did, and that is refused as before.
///
/// # Errors
/// Those of the engine; `Io`: without room for the base nothing is accepted.
pub(super) fn begin_behind(
    options: &Options,
    engine: &dyn Engine,
    recovered: &mut Recovered,
    last: Lsn,
) -> Result<Lsn> {
    // A number that no base, no backup and no standby has for anything else.
    let last = Lsn(last.0 + 1);
    let now = (options.environment.now)();
    let line = another_line(engine.reader()?.as_ref(), now.max(recovered.time), (options.environment.random)())?;
    engine.apply(last, &mut line.iter())?;
    engine.checkpoint()?;
    let base = base::write(options.vfs.as_ref(), &options.dir, now, |sink| engine.export(sink), &|| true)?;
    if base.lsn != last {
        return Err(Error::corrupt(&base.name, "the last block", format!("it is not a base of transaction {last}")));
    }
    recovered.begin_behind(last);
    tracing::warn!(
        base = base.name,
        "what is there is a base snapshot now; the log and a line of history begin behind it"
    );
    Ok(last)
}
