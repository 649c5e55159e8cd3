//! `dassie serve`: starts, says where it is, stops on SIGINT and SIGTERM, reads its certificate anew on SIGHUP, begins
//! anew when the first run gives it a name.

use super::{Serve, arenas, log, notify, out::say};
use crate::{
    config::{Config, Flags, Name},
    error::{Error, Result},
    reach::{Lab, Reach},
    running::{Parts, Running},
    server::Server,
};
use qrcode::{QrCode, render::unicode::Dense1x2};
use std::{io::IsTerminal, sync::Arc};
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
    runtime.block_on(until_stopped(&flags, config, &reach))
}

async fn until_stopped(flags: &Flags, config: Config, reach: &Reach) -> Result<()> {
    let listen_for = |kind| signal(kind).map_err(|error| Error::invalid("signals", error.to_string()));
    let (mut interrupt, mut terminate) = (listen_for(SignalKind::interrupt())?, listen_for(SignalKind::terminate())?);
    let mut hang_up = listen_for(SignalKind::hangup())?;
    notify::starting();
    let mut running = Server::start(config, Parts::of_system(reach.clone())).await?;
    loop {
        notify::ready(&running.server);
        greet(&running).await;
        let anew = loop {
            tokio::select! {
                _ = interrupt.recv() => break None,
                _ = terminate.recv() => break None,
                _ = hang_up.recv() => running.server.keeper().look(),
                anew = running.server.anew() => break Some(anew),
            }
        };
        let Some((name, former)) = anew else {
            tracing::info!("stopping");
            notify::stopping();
            return running.stop().await;
        };
        running = begin_anew(flags, running, reach, &name, former.as_deref()).await?;
    }
}

/// Stops, and starts under a name; where that cannot be done, as before, and the page of the first run says why.
async fn begin_anew(
    flags: &Flags,
    running: Running,
    reach: &Reach,
    name: &Name,
    former: Option<&str>,
) -> Result<Running> {
    let (file, owner_code) = (running.server.config().file.clone(), running.owner_code.clone());
    running.stop().await?;
    let parts = Parts { owner_code, ..Parts::of_system(reach.clone()) };
    let started = match Config::load(flags) {
        Ok(config) => Server::start(config, parts.clone()).await,
        Err(error) => Err(error),
    };
    let why = match started {
        Ok(running) => return Ok(running),
        Err(why) => why,
    };
    tracing::error!(%why, domain = name.domain, "cannot begin under this name; going on as before");
    Name::take_back(&file, former)?;
    let running = Server::start(Config::load(flags)?, parts).await?;
    running.server.naming().failed(name.clone(), why.to_string());
    Ok(running)
}

/// What somebody who just started it needs to know.
async fn greet(running: &Running) {
    let server = &running.server;
    let state = crate::operate::state(server).await;
    say(state.to_string().trim_end());
    say(format_args!("  data in {}", server.config().data_dir.display()));
    if server.origin().is_localhost() && !state.lab {
        say("  a try-out: only this machine can reach it; the first page asks for a name to join the fediverse");
    }
    if let Some(link) = &running.owner_link {
        say(format_args!("  nobody owns this server yet; open this link within 30 minutes:\n  {link}"));
        if std::io::stdout().is_terminal()
            && let Some(square) = square(link)
        {
            say(square);
        }
    }
}

/// The link for a phone that can reach it; `None` if it is too long to draw.
fn square(link: &str) -> Option<String> {
    let code = QrCode::new(link.as_bytes()).ok()?;
    Some(code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}
