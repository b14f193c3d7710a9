using System.Text.Json;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Compares three records of the same history: the clients', the providers', the ledger's.</summary>
internal static class HistoryChecker
{
    public static HistoryReport Check(IReadOnlyCollection<ClientRecord> clients, IReadOnlyList<JsonElement> journal, LedgerState ledger)
    {
        var requests = ledger.Requests.GroupBy(row => row.Id).ToDictionary(group => group.Key, group => group.Count());
        var attempts = ledger.Attempts.GroupBy(row => row.Id).ToDictionary(group => group.Key, group => group.ToList());
        var traces = ledger.Requests.Select(row => row.TraceId).ToHashSet();
        var calls = journal.Where(entry => Text(entry, "attempt") is not null).GroupBy(entry => Text(entry, "attempt")!).ToList();
        var unmarked = journal.Where(entry => Text(entry, "attempt") is null).ToList();
        var known = clients.Where(record => record.RequestId is not null).ToList();
        var missing = known.Where(record => !requests.ContainsKey(record.RequestId!)).DistinctBy(record => record.RequestId).ToList();
        var called = calls.ToDictionary(call => call.Key, call => call.First());
        var compared = attempts.Values.Select(rows => rows[0]).Where(row => called.TryGetValue(row.Id, out var call) && IsComparable(row, call)).ToList();
        return new HistoryReport(
            [.. missing.Where(IsAnswered).Select(record => $"request {record.RequestId} was answered with {record.Status} and is not in the ledger")],
            [.. calls.Where(call => !attempts.ContainsKey(call.Key)).Select(call => $"attempt {call.Key} reached the provider and is not in the ledger"),
             .. unmarked.Select(entry => Text(entry, "trace_id")).OfType<string>().Where(trace => !traces.Contains(trace)).Select(trace => $"a call of trace {trace} reached the provider and no request of it is in the ledger")],
            [.. requests.Where(row => row.Value > 1).Select(row => $"request {row.Key} stands in the ledger {row.Value} times"),
             .. attempts.Where(row => row.Value.Count > 1).Select(row => $"attempt {row.Key} stands in the ledger {row.Value.Count} times"),
             .. calls.Where(call => call.Count() > 1).Select(call => $"attempt {call.Key} reached the provider {call.Count()} times"),
             .. known.GroupBy(record => record.RequestId).Where(group => group.Count() > 1).Select(group => $"request id {group.Key} was given out {group.Count()} times")],
            [.. compared.Select(row => Mismatch(called[row.Id], row)).OfType<string>(),
             .. ledger.Attempts.Where(row => row is { Settlement: "exact", Input: > 0 } && !called.ContainsKey(row.Id)).Select(row => $"attempt {row.Id} is exact in the ledger and the provider never saw it")],
            compared.Count,
            compared.Sum(row => row.Input + row.Output),
            unmarked.Count,
            unmarked.Count(entry => Text(entry, "trace_id") is null),
            missing.Count(record => !IsAnswered(record)));
    }

    /// <summary>A request that was refused before it was admitted owes the ledger nothing; if a provider was called for it, that call is checked.</summary>
    private static bool IsAnswered(ClientRecord record) => record.Status < 400;

    /// <summary>What the ledger calls exact, and what came to its end for both.</summary>
    private static bool IsComparable(LedgerAttemptRow row, JsonElement call) =>
        row.Settlement == "exact" || (row.Outcome == "succeeded" && Text(call, "outcome") == "completed");

    private static string? Mismatch(JsonElement call, LedgerAttemptRow row)
    {
        var input = call.GetProperty("input_tokens").GetInt64();
        var output = call.GetProperty("output_tokens").GetInt64();
        return row.Input == input && row.Output == output
            ? null
            : $"attempt {row.Id} ({row.Outcome}, {row.Settlement}): the provider counted {input} + {output} tokens ({Text(call, "outcome")}), the ledger {row.Input} + {row.Output}";
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <param name="LostRequests">Answered, and unknown to the ledger.</param>
/// <param name="LostAttempts">Known to the provider, unknown to the ledger.</param>
/// <param name="Duplicated">Anything that stands there twice.</param>
/// <param name="Mismatched">Token counts that differ.</param>
/// <param name="Compared">Attempts whose tokens were compared.</param>
/// <param name="Tokens">Sum of the ledger's tokens over those.</param>
/// <param name="ByTraceOnly">Provider calls that carried no attempt id: doubled attempts among them cannot be seen.</param>
/// <param name="Unchecked">Of those, the ones without a trace too: nothing can be said about them.</param>
/// <param name="Refused">Answers with an error status whose request never came to the ledger.</param>
internal sealed record HistoryReport(
    IReadOnlyList<string> LostRequests,
    IReadOnlyList<string> LostAttempts,
    IReadOnlyList<string> Duplicated,
    IReadOnlyList<string> Mismatched,
    int Compared,
    long Tokens,
    int ByTraceOnly,
    int Unchecked,
    int Refused)
{
    public int Lost => LostRequests.Count + LostAttempts.Count;
}
