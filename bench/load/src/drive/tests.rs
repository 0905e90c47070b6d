use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use super::*;

/// A server that answers each request of each connection with `answer`, and closes the connection after it when
/// `closes`.
fn server(answer: &'static [u8], closes: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while let Some(Ok(line)) = lines.next() {
                    if line.is_empty() {
                        // The client may have closed the connection already.
                        let _ = stream.write_all(answer);
                        if closes {
                            return;
                        }
                    }
                }
            });
        }
    });
    address
}

fn drive_for_a_moment(address: SocketAddr, check: &Check<'_>) -> anyhow::Result<Histogram<u64>> {
    let from = Instant::now();
    let plans = vec![vec![b"GET /a HTTP/1.1\r\n\r\n".to_vec(), b"GET /b HTTP/1.1\r\n\r\n".to_vec()]; 3];
    drive(address, &plans, check, from, from + Duration::from_millis(200))
}

fn empty_object(body: &[u8]) -> anyhow::Result<()> {
    ensure!(body == b"{}", "not an empty object");
    Ok(())
}

#[test]
fn counts_answers_on_connections_that_stay() {
    let address = server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", false);
    let times = drive_for_a_moment(address, &empty_object).unwrap();
    assert!(times.len() > 3, "{}", times.len());
}

#[test]
fn connects_again_when_the_server_hangs_up() {
    for answer in [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}".as_slice(),
        b"HTTP/1.0 200 OK\r\n\r\n{}".as_slice(),
    ] {
        let times = drive_for_a_moment(server(answer, true), &empty_object).unwrap();
        assert!(times.len() > 3, "{}", times.len());
    }
}

#[test]
fn measures_no_failure() {
    let refused = server(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!", false);
    let error = drive_for_a_moment(refused, &|_| Ok(())).unwrap_err();
    assert_eq!(error.to_string(), "status 403: `no!`");

    let wrong = server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", false);
    let error = drive_for_a_moment(wrong, &|_| bail!("wrong body")).unwrap_err();
    assert_eq!(error.to_string(), "wrong body");

    let broken = server(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", true);
    let error = drive_for_a_moment(broken, &|_| Ok(())).unwrap_err();
    assert_eq!(error.to_string(), "the connection ended before the answer did");
}
