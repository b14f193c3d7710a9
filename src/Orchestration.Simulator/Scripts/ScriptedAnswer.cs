using System.Buffers;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Scripts;

/// <summary>Sends a script over the bare socket.</summary>
internal static class ScriptedAnswer
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(10);

    public static async Task WriteAsync(HttpContext context, JournalEntry entry, StreamScript script, TimeProvider time)
    {
        var left = context.RequestAborted;
        var ending = script.Ending switch
        {
            ScriptEnding.Reset => SocketEnding.Reset,
            ScriptEnding.Hold => SocketEnding.Hold,
            _ => SocketEnding.Fin,
        };
        var plan = new SocketPlan(null, ending, script.Ending != ScriptEnding.Close, LongestHold)
        {
            Status = script.Status,
            Headers = script.Headers ?? [],
        };
        entry.Status = script.Status;
        var body = new SocketBody(context, entry, plan, script.ContentType);
        foreach (var step in script.Steps)
        {
            if (step.PauseMs > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(step.PauseMs), time, left);
            body.Write(step.Bytes);
            if (!await body.FlushAsync(left))
                return;
        }
        if (script.Ending is ScriptEnding.Complete or ScriptEnding.Close)
            await body.CompleteAsync(left);
        else
            await body.BreakAsync(left);
    }
}
