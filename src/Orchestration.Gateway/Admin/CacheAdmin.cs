using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Gateway.Admin;

internal sealed class CacheAdmin(SemanticBook book) : CacheAdminService.CacheAdminServiceBase
{
    public override Task<PurgeAnswersResponse> PurgeAnswers(PurgeAnswersRequest request, ServerCallContext context) =>
        book.PurgeAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<JudgeAnswerResponse> JudgeAnswer(JudgeAnswerRequest request, ServerCallContext context) =>
        book.JudgeAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();
}
