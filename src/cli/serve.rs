//! `dassie serve`: starts, says where it is, stops on SIGINT and SIGTERM.

use super::{Serve, arenas, log, out::say};
use crate::{
    config::{Config, Flags},
    error::{Error, Result},
    reach::{Lab, Reach},
    running::Parts,
    server::Server,
};
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Serves until told to stop.
pub(super) fn run(serve: Serve) -> Result<()> {
    let reach = match (serve.lab, &serve.lab_ca) {
        (true, Some(file)) => {
            let refuse = |error| Error::invalid("lab-ca", format!("cannot read {}: {error}", file.display()));
            Reach::Lab(Arc::new(Lab::with_ca(std::fs::read_to_string(file).map_err(refuse)?)))
        }
        (true, None) => Reach::lab(),
        (false, _) => Reach::Public,
    };
    let flags = Flags {
        listen: serve.listen,
        origin: serve.origin,
        budget: serve.budget,
        lab: serve.lab,
        accept_log_loss: serve.accept_log_loss,
        ..serve.place.flags()
    };
    let config = Config::load(&flags)?;
    arenas::bound();
    log::start(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::invalid("runtime", format!("cannot start: {error}")))?;
    runtime.block_on(until_stopped(config, reach))
}

async fn until_stopped(config: Config, reach: Reach) -> Result<()> {
    let listen_for = |kind| signal(kind).map_err(|error| Error::invalid("signals", error.to_string()));
    let (mut interrupt, mut terminate) = (listen_for(SignalKind::interrupt())?, listen_for(SignalKind::terminate())?);
    let running = Server::start(config, Parts::of_system(reach)).await?;
    greet(&running.server, running.owner_link.as_deref()).await;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    running.stop().await
}

/// What somebody who just started it needs to know.
async fn greet(server: &Server, owner_link: Option<&str>) {
    let state = crate::operate::state(server).await;
    say(state.to_string().trim_end());
    say(format_args!("  data in {}", server.config().data_dir.display()));
    if server.origin().is_localhost() && !state.lab {
        say("  a try-out: only this machine can reach it; set a domain to join the fediverse");
    }
    if let Some(link) = owner_link {
        say(format_args!("  nobody owns this server yet; open this link within 30 minutes:\n  {link}"));
    }
}
