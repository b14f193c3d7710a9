using System.Text.Json;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Compares three records of the same history: the clients', the providers', the ledger's.</summary>
internal static class HistoryChecker
{
    private const string Succeeded = "ATTEMPT_OUTCOME_SUCCEEDED";

    public static HistoryReport Check(IReadOnlyCollection<ClientRecord> clients, IReadOnlyList<JsonElement> journal, IReadOnlyList<LedgerRow> ledger)
    {
        var requests = ledger.GroupBy(row => row.RequestId).ToDictionary(group => group.Key, group => group.Count());
        var attempts = ledger.SelectMany(row => row.Attempts).GroupBy(attempt => attempt.AttemptId).ToDictionary(group => group.Key, group => group.ToList());
        var calls = journal.Where(entry => Text(entry, "attempt") is not null).GroupBy(entry => Text(entry, "attempt")!).ToList();
        var traces = ledger.Select(row => row.TraceId).ToHashSet();
        var unmarked = journal.Where(entry => Text(entry, "attempt") is null).ToList();
        var known = clients.Where(record => record.RequestId is not null).ToList();
        var missing = known.Where(record => !requests.ContainsKey(record.RequestId!)).DistinctBy(record => record.RequestId).ToList();
        var compared = calls.Where(call => Text(call.First(), "outcome") == "completed" && attempts.GetValueOrDefault(call.Key) is [{ Outcome: Succeeded }])
            .Select(call => (Call: call.First(), Attempt: attempts[call.Key][0])).ToList();
        return new HistoryReport(
            [.. missing.Where(IsAnswered).Select(record => $"request {record.RequestId} was answered with {record.Status} and is not in the ledger")],
            [.. calls.Where(call => !attempts.ContainsKey(call.Key)).Select(call => $"attempt {call.Key} reached the provider and is not in the ledger"),
             .. unmarked.Select(entry => Text(entry, "trace_id")).OfType<string>().Where(trace => !traces.Contains(trace)).Select(trace => $"a call of trace {trace} reached the provider and no request of it is in the ledger")],
            [.. requests.Where(row => row.Value > 1).Select(row => $"request {row.Key} stands in the ledger {row.Value} times"),
             .. attempts.Where(row => row.Value.Count > 1).Select(row => $"attempt {row.Key} stands in the ledger {row.Value.Count} times"),
             .. calls.Where(call => call.Count() > 1).Select(call => $"attempt {call.Key} reached the provider {call.Count()} times"),
             .. known.GroupBy(record => record.RequestId).Where(group => group.Count() > 1).Select(group => $"request id {group.Key} was given out {group.Count()} times")],
            [.. compared.Select(pair => Mismatch(pair.Call, pair.Attempt)).OfType<string>()],
            compared.Count,
            unmarked.Count(entry => Text(entry, "trace_id") is null),
            unmarked.Count,
            missing.Count(record => !IsAnswered(record)),
            ledger.Count(row => !row.Completed));
    }

    /// <summary>A request that was refused before it was admitted owes the ledger nothing; if a provider was called for it, that call is checked.</summary>
    private static bool IsAnswered(ClientRecord record) => record.Status < 400;

    /// <summary>Counts that must agree: an attempt that the provider finished and that the ledger calls a success.</summary>
    private static string? Mismatch(JsonElement call, LedgerAttempt attempt)
    {
        var input = call.GetProperty("input_tokens").GetInt64();
        var output = call.GetProperty("output_tokens").GetInt64();
        return attempt.Input == input && attempt.Output == output
            ? null
            : $"attempt {attempt.AttemptId}: the provider counted {input} + {output} tokens, the ledger {attempt.Input} + {attempt.Output}";
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <param name="LostRequests">Answered, and unknown to the ledger.</param>
/// <param name="LostAttempts">Known to the provider, unknown to the ledger.</param>
/// <param name="Duplicated">Anything that stands there twice.</param>
/// <param name="Mismatched">Token counts that differ.</param>
/// <param name="Compared">Attempts whose tokens were compared.</param>
/// <param name="Unchecked">Provider calls that carried neither an attempt id nor a trace: nothing can be said about them.</param>
/// <param name="ByTraceOnly">Provider calls that carried no attempt id: doubled attempts among them cannot be seen.</param>
/// <param name="Refused">Answers with an error status whose request never came to the ledger.</param>
/// <param name="Open">Ledger rows without an end.</param>
internal sealed record HistoryReport(
    IReadOnlyList<string> LostRequests,
    IReadOnlyList<string> LostAttempts,
    IReadOnlyList<string> Duplicated,
    IReadOnlyList<string> Mismatched,
    int Compared,
    int Unchecked,
    int ByTraceOnly,
    int Refused,
    int Open)
{
    public int Lost => LostRequests.Count + LostAttempts.Count;
}
