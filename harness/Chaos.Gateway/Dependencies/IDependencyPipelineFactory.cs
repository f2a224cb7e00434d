using Polly;

namespace Chaos.Gateway.Dependencies;

/// <summary>Makes the pipeline that every call to a dependency goes through.</summary>
internal interface IDependencyPipelineFactory
{
    ResiliencePipeline Create(Dependency dependency);
}
