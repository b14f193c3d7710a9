using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Metrics.Feedback;

internal sealed class FeedbackGrpcService(FeedbackBook book) : FeedbackService.FeedbackServiceBase
{
    public override async Task<Contracts.Metrics.V1.Feedback> GiveFeedback(GiveFeedbackRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var acting = context.GetServiceCaller().TenantId;
        if (!Guid.TryParseExact(request.RequestId, "D", out var id) || request.TenantId.Length == 0 || (acting.Length > 0 && acting != request.TenantId))
            ThrowUnknown();
        if (!request.HasRating && request.Outcome.Length == 0)
            Throw(FailureClass.InvalidRequest, "invalid_feedback", "Feedback has a rating, an outcome, or both.", "rating");
        if (request.HasRating && request.Rating is not (>= -1 and <= 1))
            Throw(FailureClass.InvalidRequest, "invalid_rating", "A rating lies between -1 and 1.", "rating");
        if (request.Outcome.Length > 0 && !FeedbackOutcomes.All.Contains(request.Outcome))
            Throw(FailureClass.InvalidRequest, "invalid_outcome", $"An outcome is one of {string.Join(", ", FeedbackOutcomes.All)}.", "outcome");

        double? rating = request.HasRating ? request.Rating : null;
        if (!await book.GiveAsync(request.TenantId, id, rating, request.Outcome.Length > 0 ? request.Outcome : null, context.CancellationToken))
            ThrowUnknown();
        return (await book.FindAsync(id, context.CancellationToken))!.ToMessage();
    }

    [DoesNotReturn]
    private static void ThrowUnknown() => Throw(FailureClass.NotFound, "request_not_found", "There is no such request.", "request_id");

    [DoesNotReturn]
    private static void Throw(FailureClass failureClass, string code, string message, string param) =>
        throw new FailureException(new Failure { FailureClass = failureClass, Code = code, Message = message, Param = param });
}
