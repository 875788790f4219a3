//! The beta distribution, from which limits of shares are read.

/// The value that a beta variate with parameters `a` and `b`, both above zero, stays below with a probability.
///
/// Found by halving, to 1e-10 of the value; parameters need not be whole.
pub(super) fn quantile(probability: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    // Small shares need relative precision, so the middle is that of logarithms once the lower end has left zero.
    for _ in 0..200 {
        let middle = if low > 0.0 {
            (low * high).sqrt()
        } else if high > 1e-3 {
            f64::midpoint(low, high)
        } else {
            high * 1e-3
        };
        if high - low <= 1e-10 * high || high < 1e-300 {
            break;
        }
        if below(middle, a, b) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The probability that a beta variate stays below `x`: the regularized incomplete beta function.
fn below(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let log_front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p();
    // The fraction converges fast on this side of the mean.
    if x < (a + 1.0) / (a + b + 2.0) {
        log_front.exp() * fraction(x, a, b) / a
    } else {
        1.0 - log_front.exp() * fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction of the incomplete beta function, by the method of Lentz (Press et al., Numerical Recipes, 6.4).
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut upper = 1.0;
    let mut lower = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut value = lower;
    for step in 1..10_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        lower = 1.0 / away(1.0 + even * lower);
        upper = away(1.0 + even / upper);
        value *= lower * upper;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        lower = 1.0 / away(1.0 + odd * lower);
        upper = away(1.0 + odd / upper);
        value *= lower * upper;
        if (lower * upper - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// The logarithm of the gamma function of a positive number, by the series of Lanczos with g = 7.
fn ln_gamma(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        // Reflection.
        let pi = std::f64::consts::PI;
        return (pi / (pi * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let t = x + 7.5;
    let mut sum = COEFFICIENTS[0];
    for (place, coefficient) in (1_u8..).zip(&COEFFICIENTS[1..]) {
        sum += coefficient / (x + f64::from(place));
    }
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_tables() {
        // Clopper and Pearson (1934): 10 of 50 has the limits 0.1003 and 0.3372; none of 20 ends at 0.1684.
        assert!((quantile(0.025, 10.0, 41.0) - 0.100_3).abs() < 5e-5);
        assert!((quantile(0.975, 11.0, 40.0) - 0.337_2).abs() < 5e-5);
        assert!((quantile(0.975, 1.0, 20.0) - 0.168_4).abs() < 5e-5);
        // With b = 1 the distribution is x^a, with a = 1 it is 1 - (1 - x)^b.
        assert!((quantile(0.3, 4.0, 1.0) - 0.3_f64.powf(0.25)).abs() < 1e-9);
        let rare = quantile(0.975, 1.0, 1e7);
        assert!((rare * 1e7 - 3.688_879).abs() < 1e-5, "{rare}");
        assert!((quantile(0.5, 2_000.5, 2_000.5) - 0.5).abs() < 1e-8);
        assert!(quantile(0.025, 0.01, 50.0) < 1e-100);
    }
}
