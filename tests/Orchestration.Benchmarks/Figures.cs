using System.Globalization;

namespace Orchestration.Benchmarks;

/// <summary>Numbers as the tables show them.</summary>
internal static class Figures
{
    public static string Text(this double value, string format = "0.00") =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
}
