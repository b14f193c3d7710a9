namespace Orchestration.Benchmarks.Routing;

/// <summary>Quality of a router between a weak and a strong model: area under performance gain recovered, and the calls it needs.</summary>
internal sealed record RouterQuality(double Apgr, double Low, double High, double Cpt50, double Cpt80)
{
    private const int Resamples = 300;
    private const int Seed = 20_261_123;

    public static RouterQuality Of(IReadOnlyList<GainRow> rows, IReadOnlyList<double> scores)
    {
        var random = new Random(Seed);
        var order = Enumerable.Range(0, rows.Count).ToArray();
        // Rows of one score stand in a random order: a set that is sorted must not help a router that cannot tell them apart.
        random.Shuffle(order);
        var gains = order.OrderByDescending(i => scores[i]).Select(i => rows[i].Gain).ToArray();
        var areas = new double[Resamples];
        for (var sample = 0; sample < Resamples; sample++)
        {
            var times = new int[gains.Length];
            for (var i = 0; i < gains.Length; i++) times[random.Next(gains.Length)]++;
            areas[sample] = Area(gains, times);
        }

        Array.Sort(areas);
        var once = Enumerable.Repeat(1, gains.Length).ToArray();
        return new RouterQuality(Area(gains, once), areas[(int)(0.025 * Resamples)], areas[(int)(0.975 * Resamples)], Calls(gains, 0.5), Calls(gains, 0.8));
    }

    private static double Area(double[] gains, int[] times)
    {
        double sum = 0, area = 0;
        for (var i = 0; i < gains.Length; i++)
        {
            area += times[i] * (sum + (times[i] * gains[i] / 2));
            sum += times[i] * gains[i];
        }

        return area / (sum * gains.Length);
    }

    private static double Calls(double[] gains, double share)
    {
        var (all, sum) = (gains.Sum(), 0.0);
        for (var i = 0; i < gains.Length; i++)
        {
            sum += gains[i];
            if (sum >= share * all) return (i + 1.0) / gains.Length;
        }

        return 1;
    }
}
