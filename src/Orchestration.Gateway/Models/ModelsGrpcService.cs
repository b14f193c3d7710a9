using Grpc.Core;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.RouteTables;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Models;

internal sealed class ModelsGrpcService(CurrentRouteTable routeTable) : ModelsService.ModelsServiceBase
{
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        if (routeTable.Snapshot is not { } snapshot)
            throw new FailureException(Failures.Unavailable("routing_unavailable", "The gateway has not learned its routes yet."));
        var response = new ListModelsResponse();
        var caller = context.GetHttpContext().GetCaller();
        foreach (var model in snapshot.Models.Where(model => ModelsEndpoint.MayAsk(caller, model, snapshot)))
        {
            response.Models.Add(new Model
            {
                Id = model.Id,
                OwnedBy = model.OwnedBy,
                CreatedAt = model.CreatedAt,
                Simulated = model.Simulated,
                Mode = model.Mode,
            });
        }

        return Task.FromResult(response);
    }
}
