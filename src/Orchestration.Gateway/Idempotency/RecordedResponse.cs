using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Orchestration.Gateway.Idempotency;

/// <summary>
/// Stands in the place of a response and of its client: what is written goes into the running answer and on to the client, whose leaving
/// ends nothing. Streams go on as they come; an answer that is one body waits, where it is to be kept, until that is done.
/// </summary>
internal sealed class RecordedResponse : IHttpResponseBodyFeature, IHttpRequestLifetimeFeature, IDisposable
{
    private readonly HttpContext _context;
    private readonly RunningAnswer _answer;
    private readonly Func<RecordedEnd, Task>? _settle;
    private readonly IHttpResponseBodyFeature _realBody;
    private readonly IHttpRequestLifetimeFeature _realLifetime;
    private readonly CancellationToken _clientGone;
    private readonly CancellationTokenSource _deserted = new();
    private readonly CancellationTokenRegistration _leaving;
    private readonly RecordingWriter _writer;
    private Stream? _stream;
    private bool _holds;
    private bool _failed;
    private bool _broken;
    private bool _ended;

    /// <param name="context">The request.</param>
    /// <param name="answer">Where its answer is collected.</param>
    /// <param name="settle">
    /// Keeps the answer before its end is shown; the request then runs to its end without its client. Null keeps nothing, and a client
    /// that leaves is heard of as soon as nobody else follows.
    /// </param>
    public RecordedResponse(HttpContext context, RunningAnswer answer, Func<RecordedEnd, Task>? settle)
    {
        (_context, _answer, _settle) = (context, answer, settle);
        _realBody = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _realLifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        _clientGone = context.RequestAborted;
        _writer = new RecordingWriter(FlushAsync);
        RequestAborted = _deserted.Token;
        _holds = settle is not null;
        context.Features.Set<IHttpResponseBodyFeature>(this);
        context.Features.Set<IHttpRequestLifetimeFeature>(this);
        context.Features.Set(this);
        if (settle is null)
            _leaving = _clientGone.UnsafeRegister(static state => ((RecordedResponse)state!).Leave(), this);
    }

    public Stream Stream => _stream ??= _writer.AsStream(leaveOpen: true);

    public PipeWriter Writer => _writer;

    public CancellationToken RequestAborted { get; set; }

    /// <summary>What was written so far ends in a failure, whatever its status said.</summary>
    public void MarkFailed() => _failed = true;

    public void Abort() => _realLifetime.Abort();

    public void DisableBuffering() => _realBody.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken = default) => FlushAsync(ReadOnlyMemory<byte>.Empty).AsTask();

    /// <summary>The answer is complete.</summary>
    public async Task CompleteAsync()
    {
        if (_ended)
            return;
        await _writer.FlushAsync();
        await EndAsync();
    }

    /// <summary>The handler has returned; an answer that nobody completed broke off, unless all of its body is there.</summary>
    public async Task ReturnedAsync()
    {
        if (_writer.UnflushedBytes > 0)
            await _writer.FlushAsync();
        _broken = !_ended && (_answer.Head is null || _answer.Head.IsEventStream);
        await EndAsync();
        Restore();
    }

    /// <summary>The handler failed.</summary>
    public async Task FailAsync()
    {
        Restore();
        if (_ended)
            return;
        _ended = true;
        if (_settle is not null)
            await _settle(RecordedEnd.Failed);
        _answer.End(AnswerState.Broken);
    }

    public void Dispose()
    {
        _leaving.Dispose();
        _deserted.Dispose();
    }

    private async ValueTask FlushAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_answer.Head is null)
        {
            var head = AnswerHead.Of(_context.Features.GetRequiredFeature<IHttpResponseFeature>());
            _holds &= !head.IsEventStream;
            _answer.Begin(head);
        }

        var held = _answer.Body;
        if (bytes.Length > 0 && !_answer.TryAppend(bytes.Span) && _holds)
        {
            // Nothing is held that is too large to be kept.
            _holds = false;
            await SendAsync(held);
        }

        if (!_holds)
            await SendAsync(bytes);
        else if (_answer.Body.Length >= _context.Response.ContentLength)
            await EndAsync();
    }

    private async Task EndAsync()
    {
        if (_ended)
            return;
        _ended = true;
        if (_settle is not null)
            await _settle(HowItEnded());
        _answer.End(_broken ? AnswerState.Broken : AnswerState.Whole);
        if (_holds)
            await SendAsync(_answer.Body);
        await TellClientAsync(() => _realBody.CompleteAsync());
    }

    private RecordedEnd HowItEnded() => _answer.Head?.Status switch
    {
        _ when _failed || _broken => RecordedEnd.Failed,
        >= 200 and < 300 => RecordedEnd.Answered,
        >= 400 and < 500 => RecordedEnd.Refused,
        _ => RecordedEnd.Failed,
    };

    private Task SendAsync(ReadOnlyMemory<byte> bytes) => TellClientAsync(async () => await _realBody.Writer.WriteAsync(bytes, _clientGone));

    // Whoever wrote this answer writes on for those who ask for it later.
    private async Task TellClientAsync(Func<Task> work)
    {
        if (_clientGone.IsCancellationRequested)
            return;
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return;
        }
    }

    private void Leave() => _answer.OwnerLeft(() =>
    {
        try
        {
            _deserted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request ended at the same moment.
            return;
        }
    });

    private void Restore()
    {
        _context.Features.Set(_realBody);
        _context.Features.Set(_realLifetime);
        _context.Features.Set<RecordedResponse>(null);
    }
}

/// <summary>How a recorded answer ended.</summary>
internal enum RecordedEnd
{
    /// <summary>Well, and completely.</summary>
    Answered,

    /// <summary>The request was refused, and nothing came of it.</summary>
    Refused,

    /// <summary>The answer failed before its end.</summary>
    Failed,
}

internal static class RecordedResponseExtensions
{
    /// <summary>Tells who records this answer that it ends in a failure though it began well.</summary>
    public static void MarkAnswerFailed(this HttpContext context) => context.Features.Get<RecordedResponse>()?.MarkFailed();
}
