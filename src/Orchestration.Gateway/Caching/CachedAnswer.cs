using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Caching;

/// <summary>
/// A complete answer: its events as they came, from the one that says who answers to the one that says what it cost. One that is no chat has only those two, and a body.
/// </summary>
internal sealed record CachedAnswer(DateTimeOffset MadeAt, IReadOnlyList<ChatEvent> Events)
{
    private const byte Format = 1;
    private const byte WithBody = 2;
    private const int HeadLength = 1 + sizeof(long);

    /// <summary>The answer as one message; null for chat.</summary>
    public ByteString? Body { get; init; }

    public ResponseStarted Started => Events[0].ResponseStarted;

    /// <summary>What the answer cost when it was made.</summary>
    public Summary Summary => Events[^1].Summary;

    /// <summary>An answer that came as one message.</summary>
    public static CachedAnswer Whole(DateTimeOffset madeAt, ResponseStarted started, Summary summary, IMessage body)
    {
        // Attempts are nobody else's.
        var kept = started.Clone();
        kept.AttemptId = "";
        return new CachedAnswer(
            madeAt, [new ChatEvent { ResponseStarted = kept }, new ChatEvent { Summary = new Summary { Cost = summary.Cost, Settlement = summary.Settlement } }]) { Body = body.ToByteString() };
    }

    /// <summary>Time since it was made.</summary>
    public TimeSpan AgeAt(DateTimeOffset now) => now > MadeAt ? now - MadeAt : TimeSpan.Zero;

    /// <summary>Whether who made it may still answer: the filters of planning hold for what was planned before.</summary>
    public bool IsAllowed(Caller caller, CompiledRoute route, RoutingSnapshot snapshot) =>
        route.Find(Started.Deployment) is { } deployment && snapshot.MayEnter(caller.TenantId, deployment.Region);

    /// <summary>Format, milliseconds since 1970, the body if there is one, events with their lengths.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Span<byte> head = stackalloc byte[HeadLength];
        head[0] = Body is null ? Format : WithBody;
        BinaryPrimitives.WriteInt64BigEndian(head[1..], MadeAt.ToUnixTimeMilliseconds());
        stream.Write(head);
        if (Body is not null)
            new BytesValue { Value = Body }.WriteDelimitedTo(stream);
        foreach (var chatEvent in Events)
            chatEvent.WriteDelimitedTo(stream);
        return stream.ToArray();
    }

    /// <summary>Null when the bytes are no answer that this build can read.</summary>
    public static CachedAnswer? Parse(byte[] bytes)
    {
        if (bytes.Length <= HeadLength || bytes[0] is not (Format or WithBody))
            return null;
        try
        {
            using var stream = new MemoryStream(bytes, HeadLength, bytes.Length - HeadLength, writable: false);
            var body = bytes[0] == WithBody ? BytesValue.Parser.ParseDelimitedFrom(stream).Value : null;
            var events = new List<ChatEvent>();
            while (stream.Position < stream.Length)
                events.Add(ChatEvent.Parser.ParseDelimitedFrom(stream));
            return events is [{ ResponseStarted: not null }, .., { Summary: not null }]
                ? new CachedAnswer(DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1))), events) { Body = body }
                : null;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
