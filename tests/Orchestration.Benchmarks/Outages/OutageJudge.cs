using Orchestration.Benchmarks.Measuring;
using Spectre.Console;

namespace Orchestration.Benchmarks.Outages;

/// <summary>Compares what clients saw of outages with the rows D02, D05, D11 to D14, D19 to D21 and D28 of the fault contract.</summary>
internal sealed class OutageJudge(OutagesPlan plan, OutageClients clients)
{
    private const string Postgres = "postgres";
    private const string Budgeted = "budget";

    /// <summary>Leases last 30 s and are renewed every 10 s: whoever has one goes on for at least the rest.</summary>
    private static readonly TimeSpan LeaseInHand = TimeSpan.FromSeconds(15);

    /// <summary>After it everything must be as before.</summary>
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(10);

    public void Judge(IReadOnlyList<Outage> outages, Verdict verdict)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("away", "account", "whole before", "p50 / p99 ms", "whole during", "p50 / p99 ms", "not whole", "whole after");
        foreach (var outage in outages)
        {
            foreach (var kind in clients.Kinds)
                Judge(outage, kind, table, verdict);
            JudgeProbes(outage, verdict);
        }

        AnsiConsole.Write(table);
    }

    private void Judge(Outage outage, string kind, Table table, Verdict verdict)
    {
        var before = clients.Between(kind, outage.Before, outage.Began);
        var during = clients.Between(kind, outage.Began, outage.Ended);
        var after = clients.Between(kind, outage.Ended, outage.After);
        table.AddRow(
            outage.Part, kind, $"{before.Whole.Count}", Times(before.Whole), $"{during.Whole.Count}", Times(during.Whole), string.Join(", ", during.Failures.Concat(after.Failures.Select(text => $"after: {text}"))),
            $"{after.Whole.Count}");
        verdict.Require(before.Wrong().Count == 0, $"{kind}: {before.Wrong().Count} answers were not whole before {outage.Part} was stopped.");
        string[] allowed = outage.Part == Postgres && kind == Budgeted ? ["budget_unavailable"] : [];
        verdict.Require(during.Wrong(allowed).Count == 0, $"{kind}: {during.Wrong(allowed).Count} answers were not whole while {outage.Part} was away.");
        verdict.Require(during.Whole.Count > 0, $"{kind}: nothing was answered while {outage.Part} was away.");
        var inHand = during.Records.Where(record => !record.Whole && TimeProvider.System.GetElapsedTime(outage.Began, record.Started) < LeaseInHand).ToList();
        verdict.Require(inHand.Count == 0, $"{kind}: {inHand.Count} answers were not whole within {LeaseInHand.TotalSeconds:0} s of the loss of {outage.Part}, although leases were in hand.");
        var late = after.Records.Count(record => !record.Whole && TimeProvider.System.GetElapsedTime(outage.Ended, record.Started) > Return);
        verdict.Require(late == 0, $"{kind}: {late} answers were not whole later than {Return.TotalSeconds:0} s after {outage.Part} was back.");
        verdict.Require(after.Whole.Count > 0, $"{kind}: nothing was answered after {outage.Part} was back.");
        if (outage.Part != Postgres)
            verdict.AtMost($"p99 of {kind} without {outage.Part} over p99 before", during.Whole.Quantile(0.99) / before.Whole.Quantile(0.99), plan.MaxRatio);
        verdict.Add($"{outage.Part} away {plan.Outage.TotalSeconds:0} s, {kind}: {during.Whole.Count} whole, {during.Records.Count - during.Whole.Count} not, p99 {during.Whole.Quantile(0.99):0} ms ({before.Whole.Quantile(0.99):0} before)");
    }

    private void JudgeProbes(Outage outage, Verdict verdict)
    {
        foreach (var (kind, answers) in outage.Probes.Answers)
            Screen.Note($"without {outage.Part}, {kind}: {string.Join(", ", answers.Select(answer => $"{answer.Value} x {answer.Key}"))}; longest {outage.Probes.Longest.GetValueOrDefault(kind):0} ms");
        Only(outage, "alive", verdict, "200");
        verdict.AtMost($"p95 of /alive without {outage.Part} (ms)", outage.Probes.Alive.Quantile(0.95), plan.MaxAlive);
        if (outage.Part != Postgres)
        {
            Only(outage, "health", verdict, "200");
            Only(outage, "unmet key", verdict, "200");
            Only(outage, "idempotency key", verdict, "200");
            if (outage.Part != "messaging")
                Only(outage, "admin change", verdict, "200");
            return;
        }

        // Met by the change log though never used, a key is known; no other answer but these is true of a key that nobody can look up.
        Only(outage, "unmet key", verdict, "200", "503 authentication_unavailable");
        // One may have its answer at either end of the outage.
        Only(outage, "idempotency key", verdict, "200", "503 idempotency_unavailable");
        verdict.Require(outage.Probes.Answers["idempotency key"].GetValueOrDefault("200") <= 2, "Requests with an idempotency key ran while PostgreSQL was away.");
        verdict.Require(!outage.Probes.Answers["admin change"].Keys.Any(answer => answer.StartsWith('4')), "An operator's change was blamed on the operator while PostgreSQL was away.");
    }

    private static void Only(Outage outage, string kind, Verdict verdict, params string[] allowed)
    {
        foreach (var (answer, count) in outage.Probes.Answers[kind].Where(answer => !allowed.Contains(answer.Key)))
            verdict.Require(false, $"{kind} without {outage.Part}: {count} x {answer}");
    }

    private static string Times(Samples samples) => FormattableString.Invariant($"{samples.Quantile(0.5):0} / {samples.Quantile(0.99):0}");
}
