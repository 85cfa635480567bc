using GauRuntime.Encoder;

namespace GauRuntime.Train.Numbers;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    // Coefficients of quotients of polynomials, of the highest power first.
    private static ReadOnlySpan<double> CentralTop =>
    [
        2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
        1971.5909503065513, 133.14166789178438, 3.3871328727963665,
    ];

    private static ReadOnlySpan<double> CentralBottom =>
    [
        5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
        687.1870074920579, 42.31333070160091, 1,
    ];

    private static ReadOnlySpan<double> TailTop =>
    [
        0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
        3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
    ];

    private static ReadOnlySpan<double> TailBottom =>
    [
        1.0507500716444169e-09, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
        0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
    ];

    private static ReadOnlySpan<double> FarTop =>
    [
        2.0103343992922881e-07, 2.7115555687434876e-05, 0.0012426609473880784, 0.026532189526576124,
        0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
    ];

    private static ReadOnlySpan<double> FarBottom =>
    [
        2.0442631033899397e-15, 1.421511758316446e-07, 1.8463183175100548e-05, 0.0007868691311456133,
        0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
    ];

    /// <summary>The z below which a share <paramref name="p"/> of all values lies; good to some 1e-15.</summary>
    /// <param name="p">In (0, 1).</param>
    /// <remarks>Wichura's algorithm AS 241 (1988). The same bits on every machine.</remarks>
    public static double Inverse(double p)
    {
        double q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            double square = 0.180625 - q * q;
            return Polynomial(CentralTop, square) * q / Polynomial(CentralBottom, square);
        }
        double r = Math.Sqrt(-StrictMath.Log(q <= 0 ? p : 1 - p));
        double z = r <= 5
            ? Polynomial(TailTop, r - 1.6) / Polynomial(TailBottom, r - 1.6)
            : Polynomial(FarTop, r - 5) / Polynomial(FarBottom, r - 5);
        return q < 0 ? -z : z;
    }

    private static double Polynomial(ReadOnlySpan<double> coefficients, double x)
    {
        double sum = 0;
        foreach (double coefficient in coefficients)
            sum = sum * x + coefficient;
        return sum;
    }
}
