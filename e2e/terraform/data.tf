# All resources again, through the data sources: by id, by name, and the contents of a new instance.

data "aws_connect_instance" "by_id" {
  instance_id = aws_connect_instance.centre.id
}

data "aws_connect_instance" "by_alias" {
  instance_alias = aws_connect_instance.centre.instance_alias
}

data "aws_connect_security_profile" "by_id" {
  instance_id         = local.instance
  security_profile_id = aws_connect_security_profile.agents.security_profile_id
}

data "aws_connect_security_profile" "by_name" {
  instance_id = local.instance
  name        = aws_connect_security_profile.agents.name
}

data "aws_connect_security_profile" "built_in" {
  instance_id = local.instance
  name        = "QualityAnalyst"
}

data "aws_connect_contact_flow_module" "by_id" {
  instance_id            = local.instance
  contact_flow_module_id = aws_connect_contact_flow_module.lookup.contact_flow_module_id
}

data "aws_connect_contact_flow_module" "by_name" {
  instance_id = local.instance
  name        = aws_connect_contact_flow_module.lookup.name
}

data "aws_connect_user_hierarchy_structure" "only" {
  instance_id = aws_connect_user_hierarchy_structure.only.instance_id
}

data "aws_connect_user_hierarchy_group" "by_id" {
  instance_id        = local.instance
  hierarchy_group_id = aws_connect_user_hierarchy_group.team.hierarchy_group_id
}

data "aws_connect_user_hierarchy_group" "by_name" {
  instance_id = local.instance
  name        = aws_connect_user_hierarchy_group.team.name
}

data "aws_connect_user" "by_id" {
  instance_id = local.instance
  user_id     = aws_connect_user.ada.user_id
}

data "aws_connect_user" "by_name" {
  instance_id = local.instance
  name        = aws_connect_user.ada.name
}

data "aws_connect_hours_of_operation" "by_id" {
  instance_id           = local.instance
  hours_of_operation_id = aws_connect_hours_of_operation.weekdays.hours_of_operation_id
}

data "aws_connect_hours_of_operation" "by_name" {
  instance_id = local.instance
  name        = aws_connect_hours_of_operation.weekdays.name
}

data "aws_connect_hours_of_operation" "built_in" {
  instance_id = local.instance
  name        = "Basic Hours"
}

data "aws_connect_queue" "by_id" {
  instance_id = local.instance
  queue_id    = aws_connect_queue.orders.queue_id
}

data "aws_connect_queue" "by_name" {
  instance_id = local.instance
  name        = aws_connect_queue.orders.name
}

data "aws_connect_queue" "built_in" {
  instance_id = local.instance
  name        = "BasicQueue"
}

data "aws_connect_routing_profile" "by_id" {
  instance_id        = local.instance
  routing_profile_id = aws_connect_routing_profile.calls.routing_profile_id
}

data "aws_connect_routing_profile" "by_name" {
  instance_id = local.instance
  name        = aws_connect_routing_profile.calls.name
}

data "aws_connect_routing_profile" "built_in" {
  instance_id = local.instance
  name        = "Basic Routing Profile"
}

data "aws_connect_quick_connect" "by_id" {
  instance_id      = local.instance
  quick_connect_id = aws_connect_quick_connect.office.quick_connect_id
}

data "aws_connect_quick_connect" "by_name" {
  instance_id = local.instance
  name        = aws_connect_quick_connect.office.name
}

# Both lookups of each resource have the same result.
output "pairs" {
  value = {
    instance        = [data.aws_connect_instance.by_id.id, data.aws_connect_instance.by_alias.id]
    profile         = [data.aws_connect_security_profile.by_id.arn, data.aws_connect_security_profile.by_name.arn]
    module          = [data.aws_connect_contact_flow_module.by_id.arn, data.aws_connect_contact_flow_module.by_name.arn]
    group           = [data.aws_connect_user_hierarchy_group.by_id.arn, data.aws_connect_user_hierarchy_group.by_name.arn]
    user            = [data.aws_connect_user.by_id.arn, data.aws_connect_user.by_name.arn]
    hours           = [data.aws_connect_hours_of_operation.by_id.arn, data.aws_connect_hours_of_operation.by_name.arn]
    queue           = [data.aws_connect_queue.by_id.arn, data.aws_connect_queue.by_name.arn]
    routing_profile = [data.aws_connect_routing_profile.by_id.arn, data.aws_connect_routing_profile.by_name.arn]
    quick_connect   = [data.aws_connect_quick_connect.by_id.arn, data.aws_connect_quick_connect.by_name.arn]
  }
}

output "found" {
  value = {
    permissions          = data.aws_connect_security_profile.by_name.permissions
    built_in_permissions = data.aws_connect_security_profile.built_in.permissions
    built_in_queue_hours = data.aws_connect_queue.built_in.hours_of_operation_id
    built_in_hours       = data.aws_connect_hours_of_operation.built_in.hours_of_operation_id
    levels               = [for level in data.aws_connect_user_hierarchy_structure.only.hierarchy_structure[0].level_three : level.name]
    path                 = [for level in data.aws_connect_user_hierarchy_group.by_name.hierarchy_path[0].level_one : level.name]
    last_name            = data.aws_connect_user.by_name.identity_info[0].last_name
    group                = data.aws_connect_user.by_id.hierarchy_group_id
    days                 = sort(data.aws_connect_hours_of_operation.by_name.config[*].day)
    caller               = data.aws_connect_queue.by_name.outbound_caller_config[0].outbound_caller_id_name
    channels             = sort(data.aws_connect_routing_profile.by_name.media_concurrencies[*].channel)
    number               = one(one(data.aws_connect_quick_connect.by_name.quick_connect_config).phone_config).phone_number
    start                = jsondecode(data.aws_connect_contact_flow_module.by_name.content).StartAction
    tags = [
      for tags in [
        data.aws_connect_contact_flow_module.by_id.tags,
        data.aws_connect_hours_of_operation.by_id.tags,
        data.aws_connect_queue.by_id.tags,
        data.aws_connect_quick_connect.by_id.tags,
        data.aws_connect_routing_profile.by_id.tags,
        data.aws_connect_security_profile.by_id.tags,
        data.aws_connect_user.by_id.tags,
        data.aws_connect_user_hierarchy_group.by_id.tags,
      ] : tags == null ? {} : tags
    ]
  }
}
