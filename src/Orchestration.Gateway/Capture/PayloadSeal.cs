using System.IO.Compression;
using Google.Protobuf;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Idempotency;

namespace Orchestration.Gateway.Capture;

/// <summary>Prompt and answer as they lie in the database: compressed, then encrypted under the tenant's key for this request alone.</summary>
internal sealed class PayloadSeal(AnswerSeal seal)
{
    public byte[] Seal(CapturedPayload payload)
    {
        using var packed = new MemoryStream();
        using (var compressed = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            new CapturedPayload { Request = payload.Request, Answer = payload.Answer, Failure = payload.Failure }.WriteTo(compressed);
        return seal.Seal(payload.TenantId, PlaceOf(payload.RequestId), packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    /// <summary>Prompt and answer; null when they were sealed for another tenant or request, or under another pepper.</summary>
    public CapturedPayload? Open(string tenantId, string requestId, byte[] content)
    {
        if (seal.Open(tenantId, PlaceOf(requestId), content) is not { } packed)
            return null;
        using var compressed = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        return CapturedPayload.Parser.ParseFrom(compressed);
    }

    private static string PlaceOf(string requestId) => $"payload\n{requestId}";
}
