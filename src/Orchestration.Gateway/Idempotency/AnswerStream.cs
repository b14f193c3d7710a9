using System.Globalization;
using Microsoft.Extensions.Options;
using Orchestration.Gateway.Redis;
using StackExchange.Redis;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Running answers as Redis streams, so that a request can follow a twin that another gateway runs. Everything in them is encrypted.</summary>
internal sealed partial class AnswerStream(
    IServiceProvider services, AnswerSeal seal, IOptions<IdempotencyOptions> options, TimeProvider timeProvider, ILogger<AnswerStream> logger)
{
    private const string Offset = "o";
    private const string Kind = "k";
    private const string Content = "c";
    private const string HeadKind = "head";
    private const string BodyKind = "body";
    private const int MostEntries = 64;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Writes an answer as it grows, until it ends. Without Redis there is nobody who could follow.</summary>
    public async Task MirrorAsync(string tenantId, RunningAnswer answer)
    {
        var (key, offset, head) = (KeyOf(tenantId, answer.ClaimId), 0, false);
        try
        {
            while (true)
            {
                var part = await answer.ReadAsync(offset, CancellationToken.None);
                if (!head && part.Head is { } known)
                {
                    await AddAsync(key, HeadKind, 0, Sealed(tenantId, answer.ClaimId, HeadKind, 0, known.ToBytes()));
                    head = true;
                }

                if (part.Bytes.Length > 0)
                    await AddAsync(key, BodyKind, offset, Sealed(tenantId, answer.ClaimId, BodyKind, offset, part.Bytes.Span));
                offset += part.Bytes.Length;
                if (part.State == AnswerState.Running)
                    continue;
                await AddAsync(key, part.State.ToString(), offset, []);
                return;
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException or InvalidOperationException)
        {
            Log.NotMirrored(logger, answer.ClaimId, exception.GetType().Name);
        }
    }

    /// <summary>What stands in the stream after a place.</summary>
    /// <exception cref="RedisException">Redis is away.</exception>
    /// <exception cref="TimeoutException">Redis is silent.</exception>
    public async Task<IReadOnlyList<AnswerFrame>> ReadAsync(string tenantId, Guid claimId, string after)
    {
        var entries = await Database().StreamReadAsync(KeyOf(tenantId, claimId), after, MostEntries).WaitAsync(options.Value.RedisTimeout, timeProvider);
        return [.. entries.Select(entry => FrameOf(tenantId, claimId, entry))];
    }

    private AnswerFrame FrameOf(string tenantId, Guid claimId, StreamEntry entry)
    {
        var (id, kind) = (entry.Id.ToString(), entry[Kind].ToString());
        if (!entry[Offset].TryParse(out int offset))
            return new AnswerFrame(id, 0, null, default, AnswerState.Lost);
        if (Enum.TryParse(kind, out AnswerState end))
            return new AnswerFrame(id, offset, null, default, end);
        if (kind is not (HeadKind or BodyKind) || seal.Open(tenantId, PlaceOf(claimId, kind, offset), (byte[]?)entry[Content]) is not { } content)
            return new AnswerFrame(id, offset, null, default, AnswerState.Lost);
        return kind == HeadKind
            ? new AnswerFrame(id, 0, AnswerHead.Parse(content), default, AnswerState.Running)
            : new AnswerFrame(id, offset, null, content, AnswerState.Running);
    }

    private async Task AddAsync(string key, string kind, int offset, byte[] content)
    {
        var database = Database();
        var adding = database.StreamAddAsync(key, [new NameValueEntry(Kind, kind), new NameValueEntry(Offset, offset), new NameValueEntry(Content, content)]);
        var expiring = database.KeyExpireAsync(key, Life);
        await Task.WhenAll(adding, expiring).WaitAsync(options.Value.RedisTimeout, timeProvider);
    }

    private IDatabase Database() => services.FindRedis() ?? throw new TimeoutException("Redis is not connected.");

    private byte[] Sealed(string tenantId, Guid claimId, string kind, int offset, ReadOnlySpan<byte> content) =>
        seal.Seal(tenantId, PlaceOf(claimId, kind, offset), content);

    private static string PlaceOf(Guid claimId, string kind, int offset) =>
        string.Create(CultureInfo.InvariantCulture, $"stream/{claimId:D}/{kind}/{offset}");

    private static string KeyOf(string tenantId, Guid claimId) => $"answers:{{{tenantId}}}:{claimId:D}";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Answer {ClaimId} cannot be followed from other gateways ({Cause})")]
        public static partial void NotMirrored(ILogger logger, Guid claimId, string cause);
    }
}

/// <summary>One entry of a stream.</summary>
/// <param name="Id">Its place.</param>
/// <param name="Offset">Where its bytes stand in the body.</param>
/// <param name="Head">With the first entry.</param>
/// <param name="Bytes">Part of the body.</param>
/// <param name="State">How the answer stands after it.</param>
internal sealed record AnswerFrame(string Id, int Offset, AnswerHead? Head, ReadOnlyMemory<byte> Bytes, AnswerState State);
