namespace Aspire.Hosting;

internal static class WaitExtensions
{
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.Add(new Wait(dependency.Resource, ExitCode: null));

    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.Add(new Wait(dependency.Resource, exitCode));

    private static IResourceBuilder<T> Add<T>(this IResourceBuilder<T> builder, Wait wait) where T : IResourceWithWaitSupport
    {
        builder.Resource.Waits.Add(wait);
        return builder;
    }
}
