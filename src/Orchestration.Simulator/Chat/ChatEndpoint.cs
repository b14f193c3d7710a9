using System.Net.Sockets;
using System.Text.Json;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Traffic;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat;

/// <summary><c>POST /{vendor}/v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(
    VendorAccess access, FaultTable faults, TrafficShape traffic, RequestJournal journal, TimeProvider time)
{
    private const string FaultHeader = "x-simulate-fault";
    private const int QueueKeepAliveMs = 200;

    public async Task HandleAsync(HttpContext context)
    {
        if (await access.EnterAsync(context) is not { } vendor)
            return;
        using var document = await context.ReadJsonAsync();
        var (request, wrong) = Read(document, vendor);
        if (request is null)
        {
            await context.WriteErrorAsync(400, VendorErrors.Compose(
                $"Invalid or missing '{wrong}'.", "invalid_request_error", wrong == "body" ? null : wrong, null));
            return;
        }
        var (model, fault, name) = Resolve(context, vendor, request.Model);
        var entry = journal.Begin(context, vendor, model, "chat");
        entry.Stream = request.Stream;
        entry.Fault = name;
        await RunAsync(context, vendor, request, model, fault, entry);
    }

    private static (ChatRequest?, string?) Read(JsonDocument? document, Vendor vendor)
    {
        if (document is null)
            return (null, "body");
        try
        {
            return ChatRequestReader.Read(document.RootElement, vendor.Tokens);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: JSON allows it, a string does not.
            return (null, "body");
        }
    }

    private (string Model, Fault? Fault, string? Name) Resolve(HttpContext context, Vendor vendor, string sent)
    {
        var (model, fault) = FaultNames.Split(sent);
        if (fault is not null)
            return (model, fault, sent[(model.Length + 1)..]);
        if (context.Request.Headers.TryGetValue(FaultHeader, out var header) && FaultNames.Parse(header.ToString()) is { } asked)
            return (model, asked, header.ToString());
        var set = faults.Take(vendor.Id, model);
        return (model, set?.Fault, set?.Kind);
    }

    private async Task RunAsync(
        HttpContext context, Vendor vendor, ChatRequest request, string model, Fault? fault, JournalEntry entry)
    {
        var shape = traffic.For(vendor, model, context.Request.Headers);
        if (fault is { Kind: FaultKind.Queue, DelayMs: { } queue })
            shape = shape with { FirstTokenMs = shape.FirstTokenMs + queue, KeepAliveMs = QueueKeepAliveMs };
        var pace = new Pace(time, shape);
        try
        {
            if (fault is { DelayMs: { } delay, Kind: FaultKind.Slow or FaultKind.Status or FaultKind.Empty } && fault.RetryAfter is null)
                await Task.Delay(TimeSpan.FromMilliseconds(delay), time, context.RequestAborted);
            await AnswerAsync(context, vendor, request, model, fault, entry, shape, pace);
            if (entry.Outcome == JournalOutcome.Running)
                entry.Outcome = context.RequestAborted.IsCancellationRequested ? JournalOutcome.Aborted : JournalOutcome.Completed;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            if (entry.Outcome == JournalOutcome.Running)
                entry.Outcome = JournalOutcome.Aborted;
        }
        entry.DurationMs = pace.ElapsedMs;
    }

    private async Task AnswerAsync(
        HttpContext context, Vendor vendor, ChatRequest request, string model, Fault? fault, JournalEntry entry, RequestShape shape, Pace pace)
    {
        if (!access.Knows(vendor, model))
        {
            entry.Status = 404;
            entry.Outcome = JournalOutcome.Failed;
            await context.WriteErrorAsync(404, VendorErrors.Body(vendor.Dialect, 404));
            return;
        }
        if (fault is not null && await FaultResponses.TryReplaceAsync(context, vendor, fault, entry))
            return;
        var answer = AnswerComposer.Compose(request, model, vendor, shape);
        entry.InputTokens = answer.InputTokens;
        entry.CachedTokens = answer.CachedTokens;
        entry.ReasoningTokens = answer.ReasoningTokens;
        entry.Images = request.Conversation.Images;
        var exchange = new ChatExchange(context, vendor, request, model, answer, fault, entry, shape, pace);
        if (request.Stream && fault?.Kind != FaultKind.PlainForStream)
            await StreamedAnswer.WriteAsync(exchange);
        else
            await PlainAnswer.WriteAsync(exchange);
    }
}

internal static class ChatRoutes
{
    public static void MapChat(this IEndpointRouteBuilder routes)
    {
        RequestDelegate handle = routes.ServiceProvider.GetRequiredService<ChatEndpoint>().HandleAsync;
        routes.MapPost("/{vendor}/v1/chat/completions", handle);
        routes.MapPost("/{vendor}/chat/completions", handle);
    }
}
