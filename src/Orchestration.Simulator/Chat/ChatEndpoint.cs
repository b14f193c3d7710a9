using System.Net.Sockets;
using System.Text.Json;
using Orchestration.Simulator.Chat.Rules;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Keys;
using Orchestration.Simulator.Scripts;
using Orchestration.Simulator.Traffic;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat;

/// <summary><c>POST /{vendor}/v1/chat/completions</c>, and with a region before the version.</summary>
internal sealed class ChatEndpoint(
    VendorAccess access, KeyDesk keys, FaultTable faults, TrafficShape traffic, RequestJournal journal, TimeProvider time)
{
    private const string FaultHeader = "x-simulate-fault";
    private const int QueueKeepAliveMs = 200;
    private const int ShownKeyEnd = 4;

    public async Task HandleAsync(HttpContext context)
    {
        if (await access.EnterAsync(context) is not { } vendor)
            return;
        using var document = await context.ReadJsonAsync();
        var (request, wrong) = Read(context, document, vendor);
        if (request is null)
        {
            await context.RefuseAsync(vendor.Wire, ErrorClass.Invalid, new ErrorDetails("", "0")
            {
                Message = $"Invalid or missing '{wrong}'.", Param = wrong == "body" ? null : wrong,
            });
            return;
        }
        var (named, _) = FaultNames.Split(request.Model);
        var entry = journal.Begin(context, vendor, named, "chat");
        entry.Stream = request.Stream;
        var key = VendorAccess.KeyOf(context);
        entry.KeyEnd = key.Length > ShownKeyEnd ? key[^ShownKeyEnd..] : null;
        if (await IsRefusedAsync(context, vendor, request, document!.RootElement, entry))
            return;
        if (!keys.TryBegin(vendor.Id, key))
        {
            await RefuseAsync(context, vendor, entry, ErrorClass.Concurrency, new ErrorDetails(named, entry.Id, null));
            return;
        }
        try
        {
            await RunAsync(context, vendor, request, entry);
        }
        finally
        {
            keys.End(vendor.Id, key, entry.ListCost ?? 0);
        }
    }

    private static (ChatRequest?, string?) Read(HttpContext context, JsonDocument? document, Vendor vendor)
    {
        if (document is null)
            return (null, "body");
        try
        {
            var (request, wrong) = ChatRequestReader.Read(document.RootElement, vendor.Tokens, context.Request.RouteValues["deployment"] as string);
            if (request is not null && vendor.Wire.SerialCalls && document.RootElement.Flag("parallel_tool_calls") is null)
                request = request with { Tools = request.Tools with { Parallel = false } };
            return (request, wrong);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: JSON allows it, a string does not.
            return (null, "body");
        }
    }

    private async ValueTask<bool> IsRefusedAsync(HttpContext context, Vendor vendor, ChatRequest request, JsonElement body, JournalEntry entry)
    {
        if (!access.Knows(vendor, entry.Model))
        {
            var kind = vendor.Find(entry.Model) is null ? ErrorClass.Model : ErrorClass.Retired;
            await RefuseAsync(context, vendor, entry, kind, new ErrorDetails(entry.Model, entry.Id, null));
            return true;
        }
        var wire = vendor.WireFor(entry.Model);
        if (RequestRules.Broken(wire, entry.Model, AnswerComposer.Thinks(request, entry.Model, vendor), request, body) is not { } rule)
            return false;
        entry.Refused = rule.Member.Length > 0 ? rule.Member : "messages";
        await RefuseAsync(context, vendor, entry, rule.Error, new ErrorDetails(entry.Model, entry.Id, null)
        {
            Message = rule.Message, Param = entry.Refused, Code = rule.Code,
        });
        return true;
    }

    private static async Task RefuseAsync(HttpContext context, Vendor vendor, JournalEntry entry, string kind, ErrorDetails details)
    {
        entry.Outcome = JournalOutcome.Failed;
        entry.Status = await context.RefuseAsync(vendor.WireFor(entry.Model), kind, details);
    }

    private Fault? TakeFault(HttpContext context, Vendor vendor, string sent, JournalEntry entry)
    {
        var (model, fault) = FaultNames.Split(sent);
        if (fault is not null)
        {
            entry.Fault = sent[(model.Length + 1)..];
            return fault;
        }
        if (context.Request.Headers.TryGetValue(FaultHeader, out var header) && FaultNames.Parse(header.ToString()) is { } asked)
        {
            entry.Fault = header.ToString();
            return asked;
        }
        var set = faults.Take(vendor.Id, model);
        entry.Fault = set?.Kind;
        return set?.Fault;
    }

    private async Task RunAsync(HttpContext context, Vendor vendor, ChatRequest request, JournalEntry entry)
    {
        var fault = TakeFault(context, vendor, request.Model, entry);
        var shape = traffic.For(vendor, entry.Model, context.Request.Headers);
        if (fault is { Kind: FaultKind.Queue, DelayMs: { } queue })
            shape = shape with { FirstTokenMs = shape.FirstTokenMs + queue, KeepAliveMs = QueueKeepAliveMs };
        var pace = new Pace(time, shape);
        Answer? answer = null;
        try
        {
            if (fault is { DelayMs: { } delay, Kind: FaultKind.Slow or FaultKind.Status or FaultKind.Empty } && fault.RetryAfter is null)
                await Task.Delay(TimeSpan.FromMilliseconds(delay), time, context.RequestAborted);
            if (fault is { Script: { } script })
                await ScriptedAnswer.WriteAsync(context, entry, script, time);
            else if (fault is null || !await FaultResponses.TryReplaceAsync(context, vendor, fault, entry))
                await AnswerAsync(Exchange(context, vendor, request, fault, entry, shape, pace), composed => answer = composed);
            if (entry.Outcome == JournalOutcome.Running)
                entry.Outcome = context.RequestAborted.IsCancellationRequested ? JournalOutcome.Aborted : JournalOutcome.Completed;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            if (entry.Outcome == JournalOutcome.Running)
                entry.Outcome = JournalOutcome.Aborted;
        }
        Close(vendor, answer, entry);
        entry.DurationMs = pace.ElapsedMs;
    }

    private static ChatExchange Exchange(
        HttpContext context, Vendor vendor, ChatRequest request, Fault? fault, JournalEntry entry, RequestShape shape, Pace pace)
    {
        if (fault?.Kind == FaultKind.IgnoreLimits)
            request = request with { MaxTokens = null, Stop = [] };
        var answer = AnswerComposer.Compose(request, entry.Model, vendor, shape);
        entry.InputTokens = answer.InputTokens;
        entry.CachedTokens = answer.CachedTokens;
        entry.ReasoningTokens = answer.ReasoningTokens;
        entry.Images = request.Conversation.Images;
        return new ChatExchange(context, vendor, request, entry.Model, answer, fault, entry, shape, pace);
    }

    private static Task AnswerAsync(ChatExchange exchange, Action<Answer> composed)
    {
        composed(exchange.Answer);
        return exchange.Request.Stream && exchange.Fault?.Kind != FaultKind.PlainForStream
            ? StreamedAnswer.WriteAsync(exchange)
            : PlainAnswer.WriteAsync(exchange);
    }

    /// <summary>Writes down what a client that has left leaves behind.</summary>
    private static void Close(Vendor vendor, Answer? answer, JournalEntry entry)
    {
        if (entry.Outcome != JournalOutcome.Aborted || answer is null)
            return;
        var goesOn = vendor.WireFor(entry.Model).GoesOn;
        entry.LeftAtTokens = entry.OutputTokens;
        entry.WentOn = goesOn;
        entry.GeneratedTokens = goesOn ? answer.OutputTokens : entry.GeneratedTokens ?? entry.OutputTokens;
    }
}
