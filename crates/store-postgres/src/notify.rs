//! Notifications: a process that has written tells the others, which then ask for the heads.
//!
//! They are hints. One that is lost, or an engine without them, costs time until the others ask by themselves. A
//! notification has a transaction of its own, which waits for no disk: within a group's transaction it would make all
//! nodes commit one after another.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_postgres::AsyncMessage;

use crate::connection::{Access, Failure, Link, connect, failure};
use crate::settings::Settings;
use crate::statements;
use crate::tls::Tls;

/// The shortest time between two notifications of one process.
const BETWEEN: Duration = Duration::from_millis(5);

/// How long it takes until a connection that fell is made again.
const AGAIN: Duration = Duration::from_secs(1);

/// How long a connection may take to be made that listens.
const CONNECT: Duration = Duration::from_secs(10);

/// Notifies the others whenever `written` changes, until its sender is gone.
pub(crate) async fn tell(settings: Arc<Settings>, tls: Tls, mut written: watch::Receiver<()>) {
    let mut client: Option<Link> = None;
    while written.changed().await.is_ok() {
        let connected = match client.take_if(|client| client.is_usable()) {
            Some(client) => Ok(client),
            None => quiet(&settings, &tls).await,
        };
        let Ok(connected) = connected else {
            tokio::time::sleep(AGAIN).await;
            continue;
        };
        match connected.batch_execute(statements::NOTIFY).await {
            Ok(()) => client = Some(connected),
            // The engine has no notifications.
            Err(error) if failure(&error) == Failure::Refused => return,
            Err(_) => tokio::time::sleep(AGAIN).await,
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

async fn quiet(settings: &Settings, tls: &Tls) -> Result<Link, String> {
    let client = connect(settings, tls, Access::Write).await?;
    // Where the setting is not known, a notification waits for the disk.
    let _ = client.batch_execute(statements::DO_NOT_WAIT_FOR_DISK).await;
    Ok(client)
}

/// Changes `heard` at each notification, and whenever one may have been missed, until nobody has a receiver.
pub(crate) async fn listen(settings: Arc<Settings>, tls: Tls, heard: watch::Sender<()>) {
    while !heard.is_closed() {
        let ended = async {
            let host = settings.host_in_use();
            if let Ok(Ok((client, mut connection))) = tokio::time::timeout(CONNECT, host.connect(tls.clone())).await {
                let mut listening = pin!(client.batch_execute(statements::LISTEN));
                let mut is_listening = false;
                loop {
                    tokio::select! {
                        // The connection is carried by this task, so it is polled while the statement is under way.
                        message = poll_fn(|cx| connection.poll_message(cx)) => match message {
                            Some(Ok(AsyncMessage::Notification(_))) => drop(heard.send(())),
                            Some(Ok(_)) => {}
                            Some(Err(_)) | None => return,
                        },
                        result = &mut listening, if !is_listening => match result {
                            Ok(()) => {
                                is_listening = true;
                                // Something may have been written before.
                                let _ = heard.send(());
                            }
                            Err(_) => return,
                        },
                    }
                }
            }
        };
        tokio::select! {
            () = ended => tokio::time::sleep(AGAIN).await,
            () = heard.closed() => return,
        }
    }
}
