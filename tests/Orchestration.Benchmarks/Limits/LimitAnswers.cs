using System.Collections.Concurrent;

namespace Orchestration.Benchmarks.Limits;

/// <summary>What the clients were answered, by their own clock in milliseconds.</summary>
internal sealed class LimitAnswers
{
    private readonly ConcurrentBag<(double Sent, double Heard)> _letIn = [];
    private readonly ConcurrentBag<double> _refused = [];
    private readonly ConcurrentDictionary<string, int> _wrong = new();

    /// <summary>Answers that are neither a way in nor a refusal by the limit.</summary>
    public IReadOnlyDictionary<string, int> Wrong => _wrong;

    public int LetIn => _letIn.Count;

    public void AddLetIn(double sent, double heard) => _letIn.Add((sent, heard));

    public void AddRefused(double heard) => _refused.Add(heard);

    public void AddWrong(string answer) => _wrong.AddOrUpdate(answer, 1, static (_, count) => count + 1);

    public (int LetIn, int Refused) Between(double from, double to) =>
        (_letIn.Count(item => item.Heard >= from && item.Heard < to), _refused.Count(heard => heard >= from && heard < to));

    /// <summary>
    /// Most that were let in within any window of a length. Counted are those that were both sent and answered inside it: whatever the way
    /// took, the gateways let them in there.
    /// </summary>
    /// <param name="length">Length of a window.</param>
    /// <param name="counts">Which windows, by begin and end, are looked at.</param>
    public int Most(double length, Func<double, double, bool> counts)
    {
        var items = _letIn.OrderBy(item => item.Sent).ToList();
        var most = 0;
        for (var first = 0; first < items.Count; first++)
        {
            var end = items[first].Sent + length;
            if (!counts(items[first].Sent, end))
                continue;
            var inside = 0;
            for (var next = first; next < items.Count && items[next].Sent <= end; next++)
                inside += items[next].Heard <= end ? 1 : 0;
            most = Math.Max(most, inside);
        }

        return most;
    }
}
