using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Dialects;

/// <summary>Sends an answer as a stream of a dialect's events, token by token on its timetable.</summary>
internal sealed class DialectStream(ChatExchange exchange, ResponseBody body, AnswerWriter writer)
{
    private const int FlushAt = 4096;
    private const int OversizeDefault = 8 * 1024 * 1024;

    private readonly CancellationToken _left = exchange.Context.RequestAborted;
    private readonly FaultKind? _fault = exchange.Fault?.Kind;
    private int _events;
    private bool _swollen;

    public async Task RunAsync()
    {
        if (!await BeginAsync() || !await WriteChoicesAsync())
            return;
        if (_fault != FaultKind.NoDone)
            writer.End();
        if (_fault == FaultKind.DoubleDone)
            writer.End();
        await body.CompleteAsync(_left);
    }

    private async ValueTask<bool> BeginAsync()
    {
        if (await BreaksAsync())
            return false;
        var interval = TimeSpan.FromMilliseconds(exchange.Shape.KeepAliveMs);
        var queues = interval > TimeSpan.Zero;
        if (queues)
            Count(writer.Begin);
        while (exchange.Pace.Until(0) is var rest && rest > TimeSpan.Zero)
        {
            if (queues && !await body.FlushAsync(_left))
                return false;
            if (!await exchange.Pace.WaitAsync(queues && interval < rest ? interval : rest, _left))
                return false;
            if (queues && interval < rest)
                writer.KeepAlive();
        }
        if (!queues)
            Count(writer.Begin);
        return true;
    }

    private async ValueTask<bool> WriteChoicesAsync()
    {
        var choices = exchange.Answer.Choices.Select(choice => (Steps: AnswerSteps.Of(choice).GetEnumerator(), Spoken: new int[1])).ToList();
        while (choices.Count > 0)
        {
            for (var i = 0; i < choices.Count; i++)
            {
                var (steps, spoken) = choices[i];
                if (!steps.MoveNext())
                {
                    choices.RemoveAt(i--);
                    continue;
                }
                if (!await PauseAsync(spoken[0]) || await BreaksAsync() || await EndsBeforeAsync(steps.Current))
                    return false;
                WriteStep(steps.Current);
                if (_fault == FaultKind.DoubleFinish && steps.Current.Kind == StepKind.Finish)
                    WriteStep(steps.Current);
                spoken[0] += steps.Current.Tokens;
            }
        }
        if (_fault != FaultKind.CutAfterFinish)
            return true;
        await EndAsync();
        return false;
    }

    private async ValueTask<bool> EndsBeforeAsync(AnswerStep step)
    {
        if (step.Kind != StepKind.Finish || _fault is not (FaultKind.CutBeforeFinish or FaultKind.EndBeforeFinish))
            return false;
        await EndAsync();
        return true;
    }

    /// <summary>Ends the response early, broken or in order.</summary>
    private async ValueTask EndAsync()
    {
        exchange.Entry.Outcome = JournalOutcome.Cut;
        if (body is SocketBody socket)
            await socket.BreakAsync(_left);
        else
            await body.CompleteAsync(_left);
    }

    private void WriteStep(AnswerStep step)
    {
        exchange.Entry.OutputTokens += step.Tokens;
        if (_fault == FaultKind.Oversize && step.Kind == StepKind.Text && !_swollen)
        {
            _swollen = true;
            writer.WriteText(step.Choice.Index, new string('x', exchange.Fault?.AfterBytes ?? OversizeDefault));
        }
        Count(() => writer.Write(step));
    }

    /// <summary>Counts an event when something was written.</summary>
    private void Count(Action write)
    {
        var pending = body.Pending;
        write();
        if (body.Pending > pending)
            _events++;
    }

    private async ValueTask<bool> PauseAsync(int token)
    {
        var delay = exchange.Pace.Until(token);
        if (delay < TimeSpan.FromMilliseconds(1))
            return body.Pending < FlushAt || await body.FlushAsync(_left);
        return await body.FlushAsync(_left) && await exchange.Pace.WaitAsync(delay, _left);
    }

    /// <summary>Writes the event that breaks the stream, if a fault wants it here.</summary>
    private async ValueTask<bool> BreaksAsync()
    {
        if (exchange.Fault is not { Kind: FaultKind.Garbage or FaultKind.ErrorIn200 } fault || _events < fault.AfterEvents)
            return false;
        if (fault.Kind == FaultKind.Garbage)
            writer.Garble();
        else
            writer.Fail();
        exchange.Entry.Outcome = JournalOutcome.Failed;
        await body.CompleteAsync(_left);
        return true;
    }
}
