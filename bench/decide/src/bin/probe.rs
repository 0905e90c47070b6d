//! scratch
use bench_decide::{engines::{Engine, casbin::Casbin, cedar::*, regorus::Regorus}, world::*};
use std::time::Instant;
fn main() -> anyhow::Result<()> {
    let world = World::new(Size { profiles: 100, users: 10_000 });
    let asks = world.asks(2000, 7);
    println!("allowed {}", asks.iter().filter(|a| world.expects(a)).count());
    let t = Instant::now();
    let mut engines: Vec<Box<dyn Engine>> = vec![Box::new(Plain::new(&world)?)];
    println!("{:?}", t.elapsed());
    engines.push(Box::new(Chosen::new(&world)?));
    println!("{:?}", t.elapsed());
    engines.push(Box::new(Prepared::new(&world)?));
    println!("{:?}", t.elapsed());
    engines.push(Box::new(Regorus::new(&world)?));
    println!("{:?}", t.elapsed());
    engines.push(Box::new(Casbin::new(&world)?));
    println!("{:?}", t.elapsed());
    for e in &mut engines {
        let wrong = asks.iter().filter(|a| e.allows(a) != world.expects(a)).count();
        for _ in 0..3 {
        let t = Instant::now();
        let n = e.count(&asks);
        println!("{} wrong {wrong} yes {n} {:?}/decision", e.name(), t.elapsed() / asks.len() as u32);
        }
    }
    Ok(())
}
