using System.Buffers;
using Orchestration.Simulator.Chat.Templates;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat;

/// <summary>Sends an answer as a stream of events, token by token on its timetable.</summary>
internal sealed class StreamedAnswer
{
    private const int FlushAt = 4096;
    private readonly ChatExchange _exchange;
    private readonly VendorWire _wire;
    private readonly ResponseBody _body;
    private readonly ChunkWriter _chunks;
    private readonly AnswerSlots _slots;
    private readonly ChoiceStream[] _choices;
    private readonly StreamFaults _faults;
    private readonly CancellationToken _left;

    private StreamedAnswer(ChatExchange exchange)
    {
        _exchange = exchange;
        _wire = exchange.Wire;
        _left = exchange.Context.RequestAborted;
        _body = FaultResponses.OpenBody(exchange.Context, exchange.Entry, exchange.Fault, WireHeaders.EventStream, null);
        _slots = new AnswerSlots(exchange) { Edge = true };
        _chunks = new ChunkWriter(_body, exchange, _slots);
        _choices = [.. exchange.Answer.Choices.Select(choice => new ChoiceStream(_chunks, _slots, exchange, choice))];
        _faults = new StreamFaults(exchange, _body, _chunks, _slots);
    }

    public static Task WriteAsync(ChatExchange exchange) => new StreamedAnswer(exchange).RunAsync();

    private async Task RunAsync()
    {
        if (!await WaitForFirstTokenAsync())
            return;
        if (_wire.CommentFirst)
            WriteComment();
        if (_wire.Preamble is { } preamble && _exchange.Fault is not { Kind: FaultKind.ErrorIn200, AfterEvents: 0 })
            _chunks.WriteRaw(preamble);
        if (!await WriteChoicesAsync())
            return;
        WriteEnd();
        await _body.CompleteAsync(_left);
    }

    private async ValueTask<bool> WaitForFirstTokenAsync()
    {
        var interval = TimeSpan.FromMilliseconds(_exchange.Shape.KeepAliveMs);
        while (_exchange.Pace.Until(0) is var rest && rest > TimeSpan.Zero)
        {
            // A vendor without keep-alives sends no header either before it speaks.
            var queues = interval > TimeSpan.Zero;
            if (queues && !await _body.FlushAsync(_left))
                return false;
            if (!await _exchange.Pace.WaitAsync(queues && interval < rest ? interval : rest, _left))
                return false;
            if (queues && interval < rest)
                WriteComment();
        }
        return true;
    }

    private void WriteComment()
    {
        _body.WriteText(_wire.Comment);
        _body.Write("\n\n"u8);
    }

    private async ValueTask<bool> WriteChoicesAsync()
    {
        var open = _choices.Length;
        while (open > 0)
        {
            foreach (var choice in _choices)
            {
                if (choice.Finished)
                    continue;
                if (!await PauseAsync(choice.Tokens))
                    return false;
                if (await _faults.EndsAsync(choice, _left))
                    return false;
                WriteEvent(choice, open == 1);
                if (choice.Finished)
                    open--;
            }
        }
        return !await _faults.EndsAfterFinishAsync(_left);
    }

    private void WriteEvent(ChoiceStream choice, bool last)
    {
        var before = choice.Tokens;
        SetUsage(last && (choice.IsNextFinish || _faults.Filters), choice);
        if (_faults.Filters)
            _faults.WriteFiltered(choice);
        else
            choice.WriteNext();
        if (choice.Finished && _exchange.Fault?.Kind == FaultKind.DoubleFinish)
            choice.WriteFinish(_exchange.FinishReason(_exchange.Answer.Choices[0]));
        _exchange.Entry.OutputTokens += choice.Tokens - before;
        _faults.Count();
    }

    private void SetUsage(bool finish, ChoiceStream choice)
    {
        var every = Has(UsagePlace.Every) || (Has(UsagePlace.Continuous) && _exchange.Request.ContinuousUsage);
        _slots.Usage = every || (finish && Has(UsagePlace.Finish));
        _slots.ChoiceUsage = finish && Has(UsagePlace.Choice);
        _slots.Figures.Running = finish ? null : choice.Tokens;
    }

    private bool Has(UsagePlace place) => _wire.UsageOn.Contains(place);

    private async ValueTask<bool> PauseAsync(int token)
    {
        var delay = _exchange.Pace.Until(token);
        if (delay < TimeSpan.FromMilliseconds(1))
            return _body.Pending < FlushAt || await _body.FlushAsync(_left);
        return await _body.FlushAsync(_left) && await _exchange.Pace.WaitAsync(delay, _left);
    }

    private void WriteEnd()
    {
        var fault = _exchange.Fault?.Kind;
        var asked = Has(UsagePlace.ExtraAlways) || (Has(UsagePlace.Extra) && _exchange.Request.IncludeUsage);
        if (asked && fault != FaultKind.NoUsage)
            _chunks.WriteUsageChunk();
        if (_wire.WholeAtEnd)
            _chunks.WriteWhole();
        if (fault != FaultKind.NoDone)
            _chunks.WriteDone();
        if (fault == FaultKind.DoubleDone)
            _chunks.WriteDone();
    }
}
