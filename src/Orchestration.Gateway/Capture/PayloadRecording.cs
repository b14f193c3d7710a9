using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Execution;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Capture;

/// <summary>Collects prompt and answer of one request while it runs.</summary>
internal sealed class PayloadRecording(PayloadCapture capture, AdmittedRequest request, ChatRequest chat, int maxBytes, TimeProvider timeProvider)
{
    private readonly ChatCompletionBuilder _answer = new(request.Identity.Text);
    private long _bytes = chat.CalculateSize();

    public void Add(ChatEvent chatEvent)
    {
        _bytes += chatEvent.CalculateSize();
        if (_bytes <= maxBytes)
            _answer.Add(chatEvent);
    }

    /// <summary>The request has ended.</summary>
    /// <param name="summary">Null when Providers did not sum up.</param>
    public void Keep(Summary? summary)
    {
        if (_bytes > maxBytes)
        {
            capture.TooLarge();
            return;
        }

        if (summary is not null)
            _answer.Add(new ChatEvent { Summary = summary });
        var now = timeProvider.GetUtcNow();
        capture.Keep(new CapturedPayload
        {
            TenantId = request.Attribution.TenantId,
            RequestId = request.Identity.Text,
            ProjectId = request.Attribution.ProjectId,
            EndUser = request.Attribution.EndUser,
            CapturedAt = now.ToTimestamp(),
            ExpiresAt = now.AddDays(request.CaptureDays).ToTimestamp(),
            Request = chat,
            Answer = _answer.Build(),
            Failure = _answer.Failure,
        });
    }
}
