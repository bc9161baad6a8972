//! The port: taking connections, refusing them, closing them.
//!
//! While the line refuses, the port stays ours: a second socket is bound to it and never listens, so that nobody else
//! gets the number meanwhile.

use super::connection::Connection;
use super::{Death, Line, Order, Shared, stream};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

/// Connections that wait to be taken.
const BACKLOG: u32 = 128;

/// Serves until the owner is gone. Tells the address, or why there is none.
pub(super) async fn run(
    shared: Arc<Shared>,
    mut orders: UnboundedReceiver<Order>,
    ready: mpsc::Sender<io::Result<SocketAddr>>,
) {
    let opened = bind((Ipv4Addr::LOCALHOST, 0).into()).and_then(|keeper| {
        let address = keeper.local_addr()?;
        Ok((keeper, address, bind(address)?.listen(BACKLOG)?))
    });
    let (_keeper, address, listener) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            let _told = ready.send(Err(error));
            return;
        }
    };
    let _told = ready.send(Ok(address));
    let mut listener = Some(listener);
    let mut line = Line::Serves;
    // Dropped with this future, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                None => return,
                Some(Order::Line(next, done)) => {
                    line = next;
                    match next {
                        Line::Serves => {}
                        Line::Refuses | Line::Resets => connections.shutdown().await,
                        Line::Silent => shared.kill(Death::Silent),
                    }
                    listener = match (next, listener) {
                        (Line::Refuses, _) => {
                            shared.count("refused");
                            None
                        }
                        (_, Some(listener)) => Some(listener),
                        (_, None) => bind(address).and_then(|socket| socket.listen(BACKLOG)).ok(),
                    };
                    let _told = done.send(());
                }
                Some(Order::Close(done)) => {
                    connections.shutdown().await;
                    let _told = done.send(());
                }
            },
            Some(stream) = accept(listener.as_ref()) => {
                let number = shared.connections.fetch_add(1, Ordering::SeqCst);
                connections.spawn(serve(Arc::clone(&shared), stream, line, number));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// A socket on a port that more than one socket may be bound to.
fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn accept(listener: Option<&TcpListener>) -> Option<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.ok().map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}

async fn serve(shared: Arc<Shared>, stream: TcpStream, line: Line, number: u64) {
    match line {
        Line::Serves => {}
        Line::Refuses | Line::Resets => {
            shared.count("reset_at_connect");
            stream::Stream::reset_on_drop(&stream);
            return;
        }
        Line::Silent => {
            shared.count("silent");
            // Held open until the line changes its mind about connections, or the proxy ends.
            let _held = stream;
            return std::future::pending().await;
        }
    }
    let tls = super::lock(&shared.tls).clone();
    match stream::accept(stream, tls).await {
        // A client that goes away, or sends what cannot be read, is not the proxy's business.
        Ok(stream) => drop(Connection::new(shared, stream, number).serve().await),
        Err(_) => shared.count("tls_refused"),
    }
}
