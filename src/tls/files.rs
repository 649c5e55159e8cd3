//! A certificate in files that somebody else renews: read again whenever they change.

use super::held::Held;
use crate::{
    config::CertificateFiles,
    error::{Error, Result},
    limits,
    server::Server,
};
use std::{path::Path, time::SystemTime};

/// When both files were last changed; whoever cannot be asked counts as changed once.
type Seen = [Option<SystemTime>; 2];

/// Reads the pair; a server without one does not start.
pub(super) async fn settle(server: &Server, pair: &CertificateFiles) -> Result<()> {
    let held = read(server, pair).await?;
    let name = server.origin().host();
    if !held.is_for(name) {
        tracing::warn!(names = ?held.names, name, "the certificate is for other names than this server's");
    }
    server.keeper().change(held);
    Ok(())
}

/// Looks whether the files have changed. What cannot be used is told, and the former pair stays.
pub(super) fn start(server: &Server, pair: CertificateFiles) {
    let of_task = server.clone();
    server.spawn("certificate files", async move {
        let mut seen = seen(&of_task, &pair).await;
        loop {
            tokio::select! {
                () = of_task.sleep_until(of_task.now().plus_ms(limits::CERTIFICATE_FILES_LOOK_MS)) => {}
                () = of_task.keeper().looked_for() => seen = Seen::default(),
            }
            let found = self::seen(&of_task, &pair).await;
            if found == seen {
                continue;
            }
            seen = found;
            match read(&of_task, &pair).await {
                Ok(held) => {
                    tracing::info!(until = %crate::clock::iso(held.until), "the certificate was read anew");
                    of_task.keeper().change(held);
                    of_task.keeper().note(None);
                }
                Err(error) => {
                    tracing::warn!(%error, "the certificate's files cannot be used; the former one stays");
                    of_task.keeper().note(Some(error.to_string()));
                }
            }
        }
    });
}

async fn read(server: &Server, pair: &CertificateFiles) -> Result<Held> {
    let pair = pair.clone();
    server.on_disk(move || Held::read(&bytes(&pair.chain)?, &bytes(&pair.key)?)).await
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let refuse = |why: String| Error::invalid("tls", format!("{}: {why}", path.display()));
    let size = std::fs::metadata(path).map_err(|error| refuse(error.to_string()))?.len();
    if size > limits::CERTIFICATE_FILE_BYTES_MAX {
        return Err(refuse(format!("has {size} bytes; at most {}", limits::CERTIFICATE_FILE_BYTES_MAX)));
    }
    std::fs::read(path).map_err(|error| refuse(error.to_string()))
}

async fn seen(server: &Server, pair: &CertificateFiles) -> Seen {
    let pair = pair.clone();
    let changed = |path: &Path| std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
    let look = move || Ok([changed(&pair.chain), changed(&pair.key)]);
    server.on_disk(look).await.unwrap_or_default()
}
