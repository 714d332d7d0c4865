//! Medians of the rounds, and the ratios that the goals speak of: each the median of the ratios of its rounds.

use crate::ONE_PERCENT;
use crate::meter::Outcome;
use crate::roles::Role;

/// The median of `values`, which are not empty.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Outcomes of every role, round by round.
pub(crate) struct Table(Vec<(Role, Vec<Outcome>)>);

/// Whether a goal is a bound from above or from below.
#[derive(Clone, Copy)]
enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// Nothing is asked of it: it says where the time goes.
    None,
}

impl Table {
    pub(crate) fn new(roles: &[Role]) -> Self {
        Self(roles.iter().map(|r| (*r, Vec::new())).collect())
    }

    pub(crate) fn add(&mut self, role: Role, outcome: Outcome) {
        if let Some((_, rounds)) = self.0.iter_mut().find(|(r, _)| *r == role) {
            rounds.push(outcome);
        }
    }

    fn rounds(&self, role: Role) -> Option<&[Outcome]> {
        self.0.iter().find(|(r, _)| *r == role).map(|(_, rounds)| rounds.as_slice()).filter(|rounds| !rounds.is_empty())
    }

    pub(crate) fn median(&self, role: Role, of: impl Fn(&Outcome) -> f64) -> Option<f64> {
        self.rounds(role).map(|rounds| median(rounds.iter().map(of).collect()))
    }

    /// The median over the rounds of a ratio of two sums.
    fn ratio(&self, above: &[Role], below: &[Role], of: fn(&Outcome) -> f64) -> Option<f64> {
        let all = |roles: &[Role]| roles.iter().map(|r| self.rounds(*r)).collect::<Option<Vec<_>>>();
        let (above, below) = (all(above)?, all(below)?);
        let sum = |roles: &[&[Outcome]], round: usize| roles.iter().map(|rounds| of(&rounds[round])).sum::<f64>();
        Some(median((0..above[0].len()).map(|round| sum(&above, round) / sum(&below, round)).collect()))
    }

    pub(crate) fn print(&self) {
        println!("| what | messages/s | our CPU seconds per million | resident memory, MiB |\n|---|---:|---:|---:|");
        for (role, _) in &self.0 {
            let column = |of: fn(&Outcome) -> f64| self.median(*role, of).unwrap_or(f64::NAN);
            println!("| {role} | {:.0} | {:.2} | {:.0} |", column(|o| o.per_second), column(|o| o.cpu_per_million), column(|o| o.rss_mib));
        }
        let (least, exactly) = (Role::AtLeastOnce(ONE_PERCENT), Role::ExactlyOnce(ONE_PERCENT));
        let cpu: fn(&Outcome) -> f64 = |o| o.cpu_per_million;
        let speed: fn(&Outcome) -> f64 = |o| o.per_second;
        println!("\n| ratio, 1 % flagged | goal | measured |\n|---|---:|---:|");
        // Reading and parsing holds reading.
        row("our CPU a post ÷ (consume and parse + classification)", Goal::AtMost(1.10), self.ratio(&[least], &[Role::Parse, Role::Classify], cpu));
        row("the same ÷ all three in one loop that delivers nothing", Goal::None, self.ratio(&[least], &[Role::Bare], cpu));
        row("the same ÷ that loop with a message sent for each flagged post", Goal::None, self.ratio(&[least], &[Role::Sending], cpu));
        row("the same without classification ÷ consume and parse", Goal::None, self.ratio(&[Role::Stream], &[Role::Parse], cpu));
        row("messages/s ÷ consume", Goal::AtLeast(0.45), self.ratio(&[least], &[Role::Consume], speed));
        row("the same without classification", Goal::None, self.ratio(&[Role::Stream], &[Role::Consume], speed));
        row("messages/s ÷ classification alone", Goal::None, self.ratio(&[least], &[Role::Classify], speed));
        row("messages/s ÷ all three in one loop", Goal::None, self.ratio(&[least], &[Role::Bare], speed));
        row("exactly-once ÷ at-least-once, messages/s", Goal::AtLeast(0.85), self.ratio(&[exactly], &[least], speed));
        row("the same, our CPU a post", Goal::None, self.ratio(&[exactly], &[least], cpu));
    }
}

fn row(what: &str, goal: Goal, measured: Option<f64>) {
    let Some(measured) = measured else { return };
    let (goal, reached) = match goal {
        Goal::AtMost(most) => (format!("≤ {most:.2}"), measured <= most),
        Goal::AtLeast(least) => (format!("≥ {least:.2}"), measured >= least),
        Goal::None => (String::new(), true),
    };
    println!("| {what} | {goal} | {measured:.2}{} |", if reached { "" } else { ", not reached" });
}
