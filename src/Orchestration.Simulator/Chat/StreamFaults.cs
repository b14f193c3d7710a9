using Orchestration.Simulator.Chat.Templates;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat;

/// <summary>What a fault does to a stream that has begun.</summary>
internal sealed class StreamFaults(ChatExchange exchange, ResponseBody body, ChunkWriter chunks, AnswerSlots slots)
{
    private const int OversizeDefault = 8 * 1024 * 1024;
    private readonly Fault? _fault = exchange.Fault;
    private int _events;
    private bool _oversized;

    /// <summary>True when the vendor's content filter ends the answer with the next event.</summary>
    public bool Filters => _fault is { Kind: FaultKind.FilterMid } && _events >= _fault.AfterEvents;

    public void Count() => _events++;

    /// <summary>Ends the stream where the fault wants it.</summary>
    public async ValueTask<bool> EndsAsync(ChoiceStream choice, CancellationToken left)
    {
        if (_fault is null)
            return false;
        if (_fault.Kind is FaultKind.CutBeforeFinish or FaultKind.EndBeforeFinish && choice.IsNextFinish)
        {
            await EndAsync(left);
            return true;
        }
        if (_events < _fault.AfterEvents || !Breaks())
            return false;
        exchange.Entry.Outcome = JournalOutcome.Failed;
        await body.CompleteAsync(left);
        return true;
    }

    public async ValueTask<bool> EndsAfterFinishAsync(CancellationToken left)
    {
        if (_fault?.Kind != FaultKind.CutAfterFinish)
            return false;
        await EndAsync(left);
        return true;
    }

    /// <summary>Ends the choice as the vendor's content filter does.</summary>
    public void WriteFiltered(ChoiceStream choice)
    {
        slots.Flagged = true;
        choice.WriteFinish(exchange.Wire.FilterFinish);
    }

    private async ValueTask EndAsync(CancellationToken left)
    {
        exchange.Entry.Outcome = JournalOutcome.Cut;
        if (body is SocketBody socket)
            await socket.BreakAsync(left);
        else
            await body.CompleteAsync(left);
    }

    /// <summary>Writes the event that breaks the stream, if the fault wants it here.</summary>
    private bool Breaks()
    {
        switch (_fault!.Kind)
        {
            case FaultKind.Garbage:
                chunks.WriteRaw("{\"id\": <this is no JSON");
                return true;
            case FaultKind.ErrorIn200:
                WriteError(_fault.Class ?? ErrorClass.Server);
                return true;
            case FaultKind.FilterMid when exchange.Wire.Errors.TryGetValue(ErrorClass.FilterOutput, out var error) && error.Event is not null:
                WriteError(ErrorClass.FilterOutput);
                return true;
            case FaultKind.Oversize when _events == 1 && !_oversized:
                WriteOversize(_fault.AfterBytes ?? OversizeDefault);
                return false;
            default:
                return false;
        }
    }

    private void WriteError(string kind)
    {
        var error = VendorError.Of(exchange.Wire, kind, new ErrorDetails(exchange.Model, exchange.Entry.Id, _fault!.RetryAfter));
        chunks.WriteRaw(error.Event);
    }

    private void WriteOversize(int bytes)
    {
        _oversized = true;
        slots.Choice = exchange.Answer.Choices[0];
        slots.Delta = exchange.Wire.Deltas.Content;
        slots.Text = new string('x', bytes);
        chunks.WriteChunk();
    }
}
