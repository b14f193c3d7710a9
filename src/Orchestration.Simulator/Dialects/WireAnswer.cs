using System.Buffers;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Dialects;

/// <summary>Sends an answer that is one JSON object, when it is due.</summary>
internal static class WireAnswer
{
    /// <returns>False when the client has left before.</returns>
    public static async Task<bool> WriteAsync(Visit visit, ArrayBufferWriter<byte> json, int tokens = 0)
    {
        var left = visit.Context.RequestAborted;
        if (!await visit.Pace.WaitAsync(visit.Pace.Until(tokens), left))
        {
            visit.Entry.Outcome = JournalOutcome.Aborted;
            return false;
        }
        var body = FaultResponses.OpenBody(visit.Context, visit.Entry, visit.Fault, WireHeaders.Json, json.WrittenCount);
        body.Write(json.WrittenSpan);
        await body.CompleteAsync(left);
        return true;
    }
}
