namespace Orchestration.Benchmarks.Ledger;

/// <summary>Kills and stops in an order that chance decides and a seed gives again; every part gets its turn.</summary>
internal static class FaultSchedule
{
    /// <summary>Every so many steps two parts die at once.</summary>
    private const int PairEvery = 4;

    private static readonly string[] Parts = ["gateway", "providers", "metrics", "messaging", "redis", "postgres"];

    public static IReadOnlyList<FaultStep> Create(LedgerPlan plan)
    {
#pragma warning disable CA5394 // The order of faults is no secret, and it must be repeatable.
        var random = new Random(plan.Seed);
        var victims = Endless(random).GetEnumerator();
        var what = new List<(IReadOnlyList<string> Parts, TimeSpan? Frozen)>();
        for (var kills = 0; kills < plan.Kills;)
        {
            var pair = what.Count % PairEvery == PairEvery - 1 && kills + 2 <= plan.Kills;
            what.Add((Take(victims, pair ? 2 : 1), null));
            kills += pair ? 2 : 1;
        }
        for (var stop = 0; stop < plan.Stops; stop++)
            what.Insert(random.Next(what.Count + 1), (Take(victims, 1), TimeSpan.FromSeconds(2 + random.NextDouble() * 4)));
#pragma warning restore CA5394
        return [.. what.Select((step, index) => new FaultStep((int)((long)plan.Requests * (index + 1) / (what.Count + 1)), step.Parts, step.Frozen))];
    }

    private static List<string> Take(IEnumerator<string> victims, int count)
    {
        var taken = new List<string>();
        while (taken.Count < count && victims.MoveNext())
        {
            if (!taken.Contains(victims.Current))
                taken.Add(victims.Current);
        }
        return taken;
    }

    private static IEnumerable<string> Endless(Random random)
    {
        while (true)
        {
            var round = Parts.ToArray();
            random.Shuffle(round);
            foreach (var part in round)
                yield return part;
        }
    }
}
