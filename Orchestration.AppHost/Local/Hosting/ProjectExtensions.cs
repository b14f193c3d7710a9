using Orchestration.AppHost.Local.Running;

namespace Aspire.Hosting;

internal static class ProjectExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, _ => { });

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        var options = new ProjectResourceOptions();
        configure(options);
        var project = new ProjectResource(name, new TProject(), options);
        if (!options.ExcludeKestrelEndpoints)
            KestrelEndpoints.AddTo(project, builder.Environment.EnvironmentName);
        LaunchProfile.Find(project, builder.Configuration)?.ApplyTo(project);
        return ((DistributedApplicationBuilder)builder).Add(project);
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        builder.Resource.Replicas = replicas;
        return builder;
    }

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args) where T : IResourceWithArgs
    {
        foreach (var argument in args)
            builder.Resource.Arguments.Add(argument);
        return builder;
    }
}
