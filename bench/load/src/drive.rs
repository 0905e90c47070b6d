//! The load: a fixed number of connections, each with one request in progress at any time, driven by few threads.
//!
//! Requests are signed and serialised before the clock starts, so that the client, which shares the machine with the
//! server, has a low cost. Every answer must be a 200; the first on each connection is checked completely.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use hdrhistogram::Histogram;
use mio::event::Event;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Registry, Token};

use crate::http::{self, Head};
use crate::process::{self, Process};

/// The time limit for answers in progress at the end of a slice.
const DRAIN: Duration = Duration::from_secs(20);

/// The intensity and the duration of the load.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Threads of the client.
    pub threads: usize,
    /// The duration before the measurement.
    pub warm_up: Duration,
    /// The duration of the measurement.
    pub measured: Duration,
}

/// The results of one slice.
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    /// Requests a second.
    pub per_second: f64,
    /// Microseconds from a request's first byte to its answer's last: half are faster.
    pub p50: f64,
    /// Microseconds: 99 in 100 are faster.
    pub p99: f64,
    /// Processor time of the server's process for a request, in microseconds.
    pub server_cpu: f64,
    /// Processor time of the client, as a share of one processor.
    pub client_cpu: f64,
    /// Processor time of everything else on the machine, as a share of one processor.
    pub other_cpu: f64,
}

/// Whether the first answer's body on a connection is right.
pub type Check<'a> = dyn Fn(&[u8]) -> anyhow::Result<()> + Sync + 'a;

/// Drives a server for one slice. `plans` holds, for each connection, the requests that it sends in turn.
///
/// # Errors
/// The server fails, or an answer is not a 200 that `check` accepts.
pub fn run(
    address: SocketAddr,
    server: &Process,
    plans: &[Vec<Vec<u8>>],
    check: &Check<'_>,
    shape: Shape,
) -> anyhow::Result<Slice> {
    let from = Instant::now() + shape.warm_up;
    let until = from + shape.measured;
    let share = plans.len().div_ceil(shape.threads).max(1);
    let (merged, [server_cpu, client_cpu, machine_cpu]) = std::thread::scope(|scope| {
        let workers: Vec<_> =
            plans.chunks(share).map(|plans| scope.spawn(move || drive(address, plans, check, from, until))).collect();
        std::thread::sleep(from.saturating_duration_since(Instant::now()));
        let before = cpu_times(server)?;
        std::thread::sleep(until.saturating_duration_since(Instant::now()));
        let after = cpu_times(server)?;
        let mut merged = histogram()?;
        for worker in workers {
            let Ok(result) = worker.join() else { bail!("a thread of the client ended badly") };
            merged.add(result?)?;
        }
        let [server, client, machine] = after;
        let [server_before, client_before, machine_before] = before;
        anyhow::Ok((
            merged,
            [
                server.saturating_sub(server_before),
                client.saturating_sub(client_before),
                machine.saturating_sub(machine_before),
            ],
        ))
    })?;
    ensure!(!merged.is_empty(), "no answer came while it was measured");
    #[expect(clippy::cast_precision_loss, reason = "a slice has far fewer than 2^52 requests")]
    let count = merged.len() as f64;
    #[expect(clippy::cast_precision_loss, reason = "nanoseconds of a few seconds at most")]
    let quantile = |at| merged.value_at_quantile(at) as f64 / 1e3;
    Ok(Slice {
        per_second: count / shape.measured.as_secs_f64(),
        p50: quantile(0.5),
        p99: quantile(0.99),
        server_cpu: server_cpu.as_secs_f64() * 1e6 / count,
        client_cpu: client_cpu.as_secs_f64() / shape.measured.as_secs_f64(),
        other_cpu: machine_cpu.saturating_sub(server_cpu + client_cpu).as_secs_f64() / shape.measured.as_secs_f64(),
    })
}

/// Processor time so far of the server, of this process and of the machine.
fn cpu_times(server: &Process) -> anyhow::Result<[Duration; 3]> {
    Ok([server.cpu_time()?, process::own_cpu_time()?, process::machine_cpu_time()?])
}

fn histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1_000, 60_000_000_000, 3)?)
}

/// One thread's connections, from the first request to the last answer. Latencies in nanoseconds.
fn drive(
    address: SocketAddr,
    plans: &[Vec<Vec<u8>>],
    check: &Check<'_>,
    from: Instant,
    until: Instant,
) -> anyhow::Result<Histogram<u64>> {
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(plans.len().max(1));
    let mut times = histogram()?;
    let mut connections = plans
        .iter()
        .enumerate()
        .map(|(index, plan)| Connection::open(address, Token(index), plan, poll.registry()))
        .collect::<Result<Vec<_>, _>>()?;
    while connections.iter().any(|connection| !connection.done) {
        ensure!(Instant::now() < until + DRAIN, "an answer did not come within {} s", DRAIN.as_secs());
        match poll.poll(&mut events, Some(Duration::from_millis(500))) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            result => result?,
        }
        for event in &events {
            let Some(connection) = connections.get_mut(event.token().0) else { continue };
            connection.turn(event, poll.registry(), check, (from, until), &mut times)?;
        }
    }
    Ok(times)
}

/// One connection and its request in progress.
struct Connection<'a> {
    address: SocketAddr,
    token: Token,
    plan: std::iter::Cycle<std::slice::Iter<'a, Vec<u8>>>,
    stream: TcpStream,
    request: &'a [u8],
    unsent: &'a [u8],
    started: Instant,
    buffer: Vec<u8>,
    head: Option<Head>,
    checked: bool,
    done: bool,
}

impl<'a> Connection<'a> {
    fn open(address: SocketAddr, token: Token, plan: &'a [Vec<u8>], registry: &Registry) -> anyhow::Result<Self> {
        let mut plan = plan.iter().cycle();
        let request = plan.next().context("a connection has nothing to send")?;
        let started = Instant::now();
        Ok(Self {
            address,
            token,
            plan,
            stream: connect(address, token, registry)?,
            request,
            unsent: request,
            started,
            buffer: Vec::with_capacity(16 * 1024),
            head: None,
            checked: false,
            done: false,
        })
    }

    /// Advances as far as an event allows.
    fn turn(
        &mut self,
        event: &Event,
        registry: &Registry,
        check: &Check<'_>,
        (from, until): (Instant, Instant),
        times: &mut Histogram<u64>,
    ) -> anyhow::Result<()> {
        if self.done {
            return Ok(());
        }
        if event.is_writable() && !self.unsent.is_empty() {
            self.write()?;
        }
        if !event.is_readable() || !self.read()? {
            return Ok(());
        }
        let Some(head) = self.head.take() else { return Ok(()) };
        let now = Instant::now();
        let body = self.buffer.get(head.length..).unwrap_or_default();
        ensure!(head.status == 200, "status {}: `{}`", head.status, String::from_utf8_lossy(body));
        if !self.checked {
            check(body)?;
            self.checked = true;
        }
        if now >= from && now < until {
            let nanoseconds = u64::try_from((now - self.started).as_nanos())?;
            times.saturating_record(nanoseconds);
        }
        self.buffer.clear();
        if now >= until {
            self.done = true;
            registry.deregister(&mut self.stream)?;
            return Ok(());
        }
        self.request = self.plan.next().context("a connection has nothing to send")?;
        self.unsent = self.request;
        self.started = now;
        if head.closes || head.body.is_none() {
            // The server closed the connection: reconnecting is part of the cost of the next request.
            self.stream = connect(self.address, self.token, registry)?;
            return Ok(());
        }
        self.write()
    }

    fn write(&mut self) -> anyhow::Result<()> {
        while !self.unsent.is_empty() {
            match self.stream.write(self.unsent) {
                Ok(count) => self.unsent = self.unsent.get(count..).unwrap_or_default(),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("sending"),
            }
        }
        Ok(())
    }

    /// Reads the available bytes; true once the answer is complete.
    fn read(&mut self) -> anyhow::Result<bool> {
        let mut chunk = [0; 16 * 1024];
        loop {
            let count = match self.stream.read(&mut chunk) {
                Ok(count) => count,
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => {
                    return Ok(false);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error).context("receiving"),
            };
            self.buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
            if self.head.is_none() {
                self.head = http::head(&self.buffer)?;
            }
            match self.head {
                Some(Head { body: Some(body), length, .. }) if self.buffer.len() >= length + body => {
                    ensure!(self.buffer.len() == length + body, "more came than the answer");
                    return Ok(true);
                }
                Some(Head { body: None, .. }) if count == 0 => return Ok(true),
                _ => ensure!(count > 0, "the connection ended before the answer did"),
            }
        }
    }
}

fn connect(address: SocketAddr, token: Token, registry: &Registry) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).context("connecting")?;
    stream.set_nodelay(true)?;
    registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
    Ok(stream)
}

#[cfg(test)]
mod tests;
