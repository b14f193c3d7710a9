using System.Buffers;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat;

/// <summary>Sends an answer as a stream of events, token by token on its timetable.</summary>
internal sealed class StreamedAnswer
{
    private const int FlushAt = 4096;
    private const int OversizeDefault = 8 * 1024 * 1024;
    private readonly ChatExchange _exchange;
    private readonly ResponseBody _body;
    private readonly ChunkWriter _chunks;
    private readonly ChoiceStream[] _choices;
    private readonly CancellationToken _left;
    private int _events;

    private StreamedAnswer(ChatExchange exchange)
    {
        _exchange = exchange;
        _left = exchange.Context.RequestAborted;
        _body = FaultResponses.OpenBody(exchange.Context, exchange.Entry, exchange.Fault, WireHeaders.EventStream, null);
        _chunks = new ChunkWriter(_body, exchange);
        _choices = [.. exchange.Answer.Choices.Select(choice => new ChoiceStream(_chunks, exchange, choice))];
    }

    public static Task WriteAsync(ChatExchange exchange) => new StreamedAnswer(exchange).RunAsync();

    private async Task RunAsync()
    {
        if (!await WaitForFirstTokenAsync() || !await WriteChoicesAsync())
            return;
        WriteEnd();
        await _body.CompleteAsync(_left);
    }

    private async ValueTask<bool> WaitForFirstTokenAsync()
    {
        var interval = TimeSpan.FromMilliseconds(_exchange.Shape.KeepAliveMs);
        while (_exchange.Pace.Until(0) is var rest && rest > TimeSpan.FromMilliseconds(1))
        {
            // A vendor without keep-alives sends no header either before it speaks.
            var queues = interval > TimeSpan.Zero;
            if (queues && !await _body.FlushAsync(_left))
                return false;
            if (!await _exchange.Pace.WaitAsync(queues && interval < rest ? interval : rest, _left))
                return false;
            if (queues && interval < rest)
                _body.Write(": keep-alive\n\n"u8);
        }
        return true;
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
                if (Breaks())
                {
                    _exchange.Entry.Outcome = JournalOutcome.Failed;
                    await _body.CompleteAsync(_left);
                    return false;
                }
                WriteEvent(choice, open == 1);
                if (choice.Finished)
                    open--;
            }
        }
        return true;
    }

    private void WriteEvent(ChoiceStream choice, bool last)
    {
        var before = choice.Tokens;
        var onFinish = _exchange.Vendor.Usage == UsagePlacement.Finish && last && _exchange.Fault?.Kind != FaultKind.NoUsage;
        choice.WriteNext(onFinish ? _exchange.Answer : null);
        _exchange.Entry.OutputTokens += choice.Tokens - before;
        _events++;
    }

    private async ValueTask<bool> PauseAsync(int token)
    {
        var delay = _exchange.Pace.Until(token);
        if (delay < TimeSpan.FromMilliseconds(1))
            return _body.Pending < FlushAt || await _body.FlushAsync(_left);
        return await _body.FlushAsync(_left) && await _exchange.Pace.WaitAsync(delay, _left);
    }

    /// <summary>Writes the event that breaks the stream, if a fault wants it here.</summary>
    private bool Breaks()
    {
        if (_exchange.Fault is not { } fault || _events < fault.AfterEvents)
            return false;
        switch (fault.Kind)
        {
            case FaultKind.Garbage:
                _body.Write("data: {\"id\": <this is no JSON\n\n"u8);
                return true;
            case FaultKind.ErrorIn200:
                _body.Write("data: "u8);
                _body.Write(VendorErrors.Body(_exchange.Vendor.Dialect, 500));
                _body.Write("\n\n"u8);
                return true;
            case FaultKind.Oversize when _events == 1:
                WriteOversize(fault.AfterBytes ?? OversizeDefault);
                return false;
            default:
                return false;
        }
    }

    private void WriteOversize(int bytes)
    {
        _events++;
        _chunks.Begin(0);
        _chunks.Raw("{\"content\":\""u8);
        var text = new byte[bytes];
        text.AsSpan().Fill((byte)'x');
        _chunks.Raw(text);
        _chunks.Raw("\"}"u8);
        _chunks.End();
    }

    private void WriteEnd()
    {
        var fault = _exchange.Fault?.Kind;
        if (_exchange.Vendor.Usage == UsagePlacement.Extra && _exchange.Request.IncludeUsage && fault != FaultKind.NoUsage)
            _chunks.WriteUsageChunk(_exchange.Answer);
        if (fault != FaultKind.NoDone)
            _chunks.WriteDone();
        if (fault == FaultKind.DoubleDone)
            _chunks.WriteDone();
    }
}
